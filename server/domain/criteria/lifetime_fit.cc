#include "domain/criteria/lifetime_fit.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/account_measures.h"
#include "model/criteria/errors.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/criteria/lifetime_models.h"
#include "store/history/history_reader.h"

namespace kam::domain {
namespace {

bool AllFinite(const PurchaseParameters& p) {
  return std::isfinite(p.r) && std::isfinite(p.alpha) && std::isfinite(p.a) && std::isfinite(p.b);
}

bool AllFinite(const SpendParameters& p) {
  return std::isfinite(p.p) && std::isfinite(p.q) && std::isfinite(p.v);
}

absl::Status FitPurchases(absl::Span<const LifetimeEvidence> customers, LifetimeModel& model) {
  std::vector<PurchaseHistory> histories;
  histories.reserve(customers.size());
  for (const LifetimeEvidence& customer : customers) histories.push_back(customer.purchases);
  const absl::StatusOr<PurchaseFit> fit = FitPurchaseModel(model.kind, histories);
  if (absl::IsFailedPrecondition(fit.status())) {
    return NotEnoughData(static_cast<int64_t>(customers.size()), fit.status().message());
  }
  if (!fit.ok()) return Internal(fit.status().message());
  if (!AllFinite(fit->parameters)) return Internal("the fit has parameters that are not finite");
  model.purchase = fit->parameters;
  model.purchase_evidence = fit->evidence;
  return absl::OkStatus();
}

absl::Status FitSpend(absl::Span<const LifetimeEvidence> customers, LifetimeModel& model) {
  std::vector<SpendHistory> histories;
  histories.reserve(customers.size());
  for (const LifetimeEvidence& customer : customers) histories.push_back(customer.spend);
  model.spend.reset();
  model.spend_evidence = FitEvidence();
  const absl::StatusOr<SpendFit> fit = FitSpendModel(histories);
  if (absl::IsFailedPrecondition(fit.status())) {
    model.spend_evidence.stop_reason = std::string(fit.status().message());
    return absl::OkStatus();
  }
  if (!fit.ok()) return Internal(fit.status().message());
  if (!AllFinite(fit->parameters)) return Internal("the fit has parameters that are not finite");
  model.spend = fit->parameters;
  model.spend_evidence = fit->evidence;
  return absl::OkStatus();
}

}  // namespace

absl::Status FitLifetimeModel(absl::Span<const LifetimeEvidence> customers, LifetimeModel& model) {
  KAM_RETURN_IF_ERROR(FitPurchases(customers, model));
  return FitSpend(customers, model);
}

absl::Status LifetimeFit::Run(jobs::JobContext& context) {
  KAM_ASSIGN_OR_RETURN(const LifetimeModelName name,
                       LifetimeModelName::Parse(context.operation().target));
  LifetimeModel model;
  std::vector<LifetimeEvidence> customers;
  KAM_RETURN_IF_ERROR(context.Report("READING", 0, 0));
  KAM_RETURN_IF_ERROR(context.store().ReadAtCut(
      context.Deadline(), [&](store::Snapshot& tx, const store::Cut& cut) -> absl::Status {
        customers.clear();
        KAM_ASSIGN_OR_RETURN(model, store::GetModel(tx, name.number));
        model.known_at = cut.known_at;
        return store::ReadHistories(
            tx, model.as_of_day, cut, [&](const AccountHistory& history) -> absl::Status {
              KAM_RETURN_IF_ERROR(CheckCurrency(history, settings_));
              KAM_ASSIGN_OR_RETURN(const LifetimeEvidence evidence,
                                   LifetimeEvidenceOf(history, model.as_of_day));
              if (evidence.order_days > 0) customers.push_back(evidence);
              return absl::OkStatus();
            });
      }));
  if (model.state == RunState::kSucceeded) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(context.Report("FITTING", 0, 0));
  KAM_RETURN_IF_ERROR(FitLifetimeModel(customers, model));
  const auto total = static_cast<int64_t>(customers.size());
  model.state = RunState::kSucceeded;
  ++model.version;
  return context.Step("FITTED", total, total, "", [&](store::Transaction& tx) {
    return store::UpdateModel(tx, model, ChangeKind::kLifetimeModelSucceeded);
  });
}

absl::StatusOr<bool> LifetimeFit::Abandon(store::Transaction& tx, const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(const LifetimeModelName name, LifetimeModelName::Parse(operation.target));
  KAM_ASSIGN_OR_RETURN(LifetimeModel model, store::GetModelForUpdate(tx, name.number));
  if (model.state != RunState::kRunning) return model.state != RunState::kSucceeded;
  model.state = RunState::kFailed;
  ++model.version;
  KAM_RETURN_IF_ERROR(store::UpdateModel(tx, model, ChangeKind::kLifetimeModelFailed));
  return true;
}

}  // namespace kam::domain
