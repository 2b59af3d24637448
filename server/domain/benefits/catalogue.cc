#include "domain/benefits/catalogue.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "google/protobuf/util/message_differencer.h"
#include "model/benefits/names.h"
#include "model/etag.h"
#include "store/benefits/benefits.h"
#include "store/benefits/budgets.h"

namespace kam::domain {
namespace {

// Reads the benefit for a change of its state from `wanted`.
absl::StatusOr<Benefit> LockInState(store::Transaction& tx, absl::string_view id,
                                    absl::string_view etag, BenefitState wanted) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, store::GetBenefitForUpdate(tx, id));
  const std::string name = BenefitName{benefit.id}.ToString();
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, benefit.version));
  if (benefit.state != wanted) {
    return WrongState(name, NameOf(benefit.state), NameOf(wanted));
  }
  return benefit;
}

// With what was wrong already.
absl::Status Check(store::Snapshot& snapshot, const Benefit& benefit, const Benefit* current,
                   std::vector<FieldViolation> violations) {
  KAM_ASSIGN_OR_RETURN(std::vector<FieldViolation> found, CheckBenefit(snapshot, benefit, current));
  for (FieldViolation& violation : found) violations.push_back(std::move(violation));
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

bool SaysTheSame(const Benefit& a, const Benefit& b) {
  return a.display_name == b.display_name && a.stacking_group == b.stacking_group &&
         a.validity_days == b.validity_days && a.budget_id == b.budget_id &&
         google::protobuf::util::MessageDifferencer::Equals(a.terms, b.terms);
}

absl::StatusOr<Benefit> Save(store::Transaction& tx, Benefit benefit, ChangeKind kind) {
  ++benefit.version;
  benefit.update_time = std::max(tx.now(), benefit.update_time);
  KAM_RETURN_IF_ERROR(store::UpdateBenefit(tx, benefit, kind));
  return benefit;
}

absl::Time StartOf(const stored::v1::Event& event) {
  return absl::FromUnixSeconds(event.start_time().seconds()) +
         absl::Nanoseconds(event.start_time().nanos());
}

}  // namespace

absl::StatusOr<std::optional<Budget>> BudgetOf(store::Snapshot& snapshot, const Benefit& benefit) {
  if (benefit.budget_id.empty()) return std::nullopt;
  KAM_ASSIGN_OR_RETURN(Budget budget, store::GetBudget(snapshot, benefit.budget_id));
  return budget;
}

absl::StatusOr<Benefit> CreateBenefit(store::Transaction& tx, Benefit benefit,
                                      std::vector<FieldViolation> violations) {
  KAM_RETURN_IF_ERROR(Check(tx, benefit, nullptr, std::move(violations)));
  benefit.state = BenefitState::kDraft;
  benefit.was_activated = false;
  benefit.version = 1;
  benefit.create_time = tx.now();
  benefit.update_time = tx.now();
  KAM_RETURN_IF_ERROR(store::InsertBenefit(tx, benefit));
  return benefit;
}

absl::StatusOr<Benefit> UpdateBenefit(store::Transaction& tx, const BenefitName& name,
                                      const Update<Benefit>& update) {
  KAM_ASSIGN_OR_RETURN(const Benefit current, store::GetBenefitForUpdate(tx, name.benefit));
  KAM_RETURN_IF_ERROR(CheckEtag(name.ToString(), update.etag, current.version));
  if (current.state == BenefitState::kRetired) {
    return WrongState(name.ToString(), NameOf(current.state), "DRAFT or ACTIVE");
  }
  Benefit benefit = Updated(current, update, kBenefitFields);
  KAM_RETURN_IF_ERROR(Check(tx, benefit, &current, update.violations));
  if (SaysTheSame(benefit, current)) return current;
  return Save(tx, std::move(benefit), ChangeKind::kBenefitUpdated);
}

absl::StatusOr<Benefit> ActivateBenefit(store::Transaction& tx, absl::string_view id,
                                        absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, LockInState(tx, id, etag, BenefitState::kDraft));
  benefit.state = BenefitState::kActive;
  benefit.was_activated = true;
  return Save(tx, std::move(benefit), ChangeKind::kBenefitActivated);
}

absl::StatusOr<Benefit> RetireBenefit(store::Transaction& tx, absl::string_view id,
                                      absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, LockInState(tx, id, etag, BenefitState::kActive));
  benefit.state = BenefitState::kRetired;
  return Save(tx, std::move(benefit), ChangeKind::kBenefitRetired);
}

absl::Status CheckGrantable(const Benefit& benefit, const Budget* budget, absl::Time now) {
  const std::string name = BenefitName{benefit.id}.ToString();
  if (benefit.state != BenefitState::kActive) {
    return WrongState(name, NameOf(benefit.state), "ACTIVE");
  }
  if (benefit.terms.has_event() && StartOf(benefit.terms.event()) <= now) {
    return WrongState(name, "PAST", "UPCOMING");
  }
  if (budget == nullptr) return absl::OkStatus();
  if (now < budget->start_time)
    return WrongState(BudgetName{budget->id}.ToString(), "NOT_STARTED", "OPEN");
  if (budget->end_time <= now)
    return WrongState(BudgetName{budget->id}.ToString(), "ENDED", "OPEN");
  return absl::OkStatus();
}

}  // namespace kam::domain
