#include "domain/benefits/catalogue.h"

#include <utility>

#include "base/status_macros.h"
#include "model/etag.h"
#include "model/names.h"

namespace kam::domain {
namespace {

// Reads the benefit for a change of its state from `wanted`.
absl::StatusOr<Benefit> LockInState(store::Transaction& tx, absl::string_view id,
                                    absl::string_view etag, BenefitState wanted) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, tx.benefits().GetBenefitForUpdate(id));
  const std::string name = BenefitName(id);
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, benefit.version));
  if (benefit.state != wanted) {
    return WrongState(name, StateLabel(benefit.state), StateLabel(wanted));
  }
  return benefit;
}

absl::StatusOr<Benefit> Save(store::Transaction& tx, Benefit benefit, absl::string_view change,
                             absl::Time now) {
  ++benefit.version;
  benefit.update_time = now;
  KAM_RETURN_IF_ERROR(tx.benefits().UpdateBenefit(benefit));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange(change, "", BenefitName(benefit.id)));
  return benefit;
}

}  // namespace

absl::string_view StateLabel(BenefitState state) {
  switch (state) {
    case BenefitState::kDraft:
      return "DRAFT";
    case BenefitState::kActive:
      return "ACTIVE";
    case BenefitState::kRetired:
      return "RETIRED";
  }
  return "UNKNOWN";
}

absl::StatusOr<std::optional<Budget>> BudgetOf(store::Transaction& tx, const Benefit& benefit) {
  if (benefit.budget_id.empty()) return std::nullopt;
  KAM_ASSIGN_OR_RETURN(Budget budget, tx.benefits().GetBudget(benefit.budget_id));
  return budget;
}

absl::StatusOr<Benefit> CreateBenefit(store::Transaction& tx, Benefit benefit, absl::Time now) {
  benefit.state = BenefitState::kDraft;
  benefit.was_activated = false;
  benefit.version = 1;
  benefit.create_time = now;
  benefit.update_time = now;
  KAM_RETURN_IF_ERROR(tx.benefits().InsertBenefit(benefit));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("benefit.created", "", BenefitName(benefit.id)));
  return benefit;
}

absl::StatusOr<Benefit> LockForUpdate(store::Transaction& tx, absl::string_view id,
                                      absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, tx.benefits().GetBenefitForUpdate(id));
  const std::string name = BenefitName(id);
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, benefit.version));
  if (benefit.state == BenefitState::kRetired) {
    return WrongState(name, StateLabel(benefit.state), "DRAFT or ACTIVE");
  }
  return benefit;
}

absl::StatusOr<Benefit> UpdateBenefit(store::Transaction& tx, Benefit benefit, absl::Time now) {
  return Save(tx, std::move(benefit), "benefit.updated", now);
}

absl::StatusOr<Benefit> ActivateBenefit(store::Transaction& tx, absl::string_view id,
                                        absl::string_view etag, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, LockInState(tx, id, etag, BenefitState::kDraft));
  benefit.state = BenefitState::kActive;
  benefit.was_activated = true;
  return Save(tx, std::move(benefit), "benefit.activated", now);
}

absl::StatusOr<Benefit> RetireBenefit(store::Transaction& tx, absl::string_view id,
                                      absl::string_view etag, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(Benefit benefit, LockInState(tx, id, etag, BenefitState::kActive));
  benefit.state = BenefitState::kRetired;
  return Save(tx, std::move(benefit), "benefit.retired", now);
}

absl::Status CheckGrantable(const Benefit& benefit, const Budget* budget, absl::Time now) {
  const std::string name = BenefitName(benefit.id);
  if (benefit.state != BenefitState::kActive) {
    return WrongState(name, StateLabel(benefit.state), "ACTIVE");
  }
  if (const auto* event = std::get_if<Event>(&benefit.kind); event && event->start_time <= now) {
    return WrongState(name, "PAST", "UPCOMING");
  }
  if (budget == nullptr) return absl::OkStatus();
  if (now < budget->start_time) return WrongState(BudgetName(budget->id), "NOT_STARTED", "OPEN");
  if (budget->end_time <= now) return WrongState(BudgetName(budget->id), "ENDED", "OPEN");
  return absl::OkStatus();
}

}  // namespace kam::domain
