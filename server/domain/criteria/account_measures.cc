#include "domain/criteria/account_measures.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/calendar_months.h"
#include "domain/criteria/order_days.h"
#include "domain/criteria/order_metrics.h"
#include "model/accounts/names.h"
#include "model/criteria/measurement.h"
#include "model/error.h"
#include "model/money.h"

namespace kam::domain {
namespace {

absl::Status InAccount(const AccountHistory& history, const absl::Status& status) {
  const std::string name = AccountName{history.account_id}.ToString();
  std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details) return Internal(absl::StrCat(name, ": ", status.message()));
  details->resource = name;
  return MakeError(status.code(), absl::StrCat(name, ": ", status.message()), *details);
}

absl::StatusOr<OrderTotals> LastYear(const AccountHistory& history, int32_t as_of_day) {
  return SumOf(DaysBetween(history, MonthsBefore(as_of_day, 12), as_of_day));
}

}  // namespace

absl::Status CheckCurrency(const AccountHistory& history, const CriteriaSettings& settings) {
  if (history.currency == settings.reporting_currency) return absl::OkStatus();
  if (history.days.empty()) return absl::OkStatus();  // it has nothing to be added up
  const std::string name = AccountName{history.account_id}.ToString();
  ErrorDetails details{
      .reason = ErrorReason::kFxRateMissing,
      .metadata = {
          {"from", history.currency}, {"to", settings.reporting_currency}, {"resource", name}}};
  details.resource = name;
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat("no exchange rate from ", history.currency, " to ",
                                settings.reporting_currency, ", needed for ", name),
                   details);
}

absl::StatusOr<int64_t> RevenueOf12m(const AccountHistory& history, int32_t as_of_day) {
  const absl::StatusOr<OrderTotals> year = LastYear(history, as_of_day);
  if (!year.ok()) return InAccount(history, year.status());
  return year->net;
}

absl::StatusOr<AccountMeasures> AccountMeasurer::Measure(const AccountHistory& history) {
  AccountMeasures measures{.account_id = history.account_id};
  absl::StatusOr<LifetimeEvidence> evidence = LifetimeEvidenceOf(history, as_of_day_);
  absl::Status status = evidence.status();
  if (status.ok()) status = MeasureAll(history, *evidence, measures);
  if (!status.ok()) return InAccount(history, status);
  return measures;
}

absl::Status AccountMeasurer::MeasureAll(const AccountHistory& history,
                                         const LifetimeEvidence& evidence,
                                         AccountMeasures& measures) {
  for (const DayTotals& day : history.days) {
    if (day.day < as_of_day_) measures.orders_ever += day.orders;
  }
  measures.measurements.reserve(keys_.size());
  for (const MetricKey& key : keys_) {
    if (IsPortfolioMetric(key.metric)) {
      measures.measurements.push_back(NotMeasured(key));
    } else if (IsLifetimeMetric(key.metric)) {
      measures.measurements.push_back(forecaster_.Measure(evidence, key));
    } else {
      KAM_ASSIGN_OR_RETURN(measures.measurements.emplace_back(),
                           MeasureOrders(history, as_of_day_, key));
    }
  }
  KAM_ASSIGN_OR_RETURN(const OrderTotals year, LastYear(history, as_of_day_));
  measures.revenue_12m = year.net;
  measures.expected_revenue_12m = year.net;
  measures.expected_orders_12m = static_cast<double>(year.orders);
  const std::optional<double> orders = forecaster_.ExpectedOrders12m(evidence);
  if (!orders) return absl::OkStatus();
  measures.expected_orders_12m = *orders;
  const std::optional<double> value = forecaster_.ExpectedOrderValue(evidence);
  if (!value) return absl::OkStatus();
  const auto per_unit = static_cast<double>(MinorPerUnit(history.currency));
  KAM_ASSIGN_OR_RETURN(measures.expected_revenue_12m, RoundToMinor(*orders * *value * per_unit));
  return absl::OkStatus();
}

void AddPortfolio(const PortfolioContext& portfolio, AccountMeasures& measures) {
  for (Measurement& measured : measures.measurements) {
    if (!IsPortfolioMetric(measured.key.metric)) continue;
    measured = MeasureInPortfolio(portfolio, measures.account_id, measures.revenue_12m,
                                  measures.orders_ever, measured.key);
  }
}

}  // namespace kam::domain
