#include "domain/criteria/portfolio_metrics.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "base/status_macros.h"
#include "model/criteria/measurement.h"
#include "model/money.h"

namespace kam::domain {
namespace {

constexpr int kPercentA = 80;
constexpr int kPercentB = 95;

// Whether (id, revenue) stands at or before `last`: more revenue first, then the smaller id.
bool Reaches(absl::string_view account_id, int64_t revenue, const AccountRevenue& last) {
  if (revenue != last.revenue_12m) return revenue > last.revenue_12m;
  return account_id <= last.account_id;
}

bool IsBelow(int64_t part, int percent, int64_t whole) {
  return absl::int128(part) * 100 < absl::int128(whole) * percent;
}

}  // namespace

absl::StatusOr<PortfolioContext> PortfolioContext::Of(std::vector<AccountRevenue> accounts) {
  PortfolioContext context;
  for (const AccountRevenue& account : accounts) {
    KAM_ASSIGN_OR_RETURN(context.revenue_12m_,
                         CheckedAdd(context.revenue_12m_, account.revenue_12m));
  }
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) {
    if (a.revenue_12m != b.revenue_12m) return a.revenue_12m > b.revenue_12m;
    return a.account_id < b.account_id;
  });
  int64_t before = 0;  // revenue of the accounts in front
  for (AccountRevenue& account : accounts) {
    if (account.revenue_12m <= 0 || !IsBelow(before, kPercentB, context.revenue_12m_)) break;
    if (IsBelow(before, kPercentA, context.revenue_12m_)) context.last_a_ = account;
    before += account.revenue_12m;
    context.last_b_ = std::move(account);
  }
  return context;
}

int32_t PortfolioContext::ParetoClassOf(absl::string_view account_id, int64_t revenue_12m) const {
  if (revenue_12m <= 0) return 3;
  if (Reaches(account_id, revenue_12m, last_a_)) return 1;
  return Reaches(account_id, revenue_12m, last_b_) ? 2 : 3;
}

bool IsPortfolioMetric(Metric metric) {
  return metric == Metric::kRevenueShare || metric == Metric::kParetoClass;
}

Measurement MeasureInPortfolio(const PortfolioContext& portfolio, absl::string_view account_id,
                               int64_t revenue_12m, int64_t orders_ever, const MetricKey& key) {
  if (key.metric == Metric::kParetoClass) {
    return MeasuredFrom(key, orders_ever, [&] {
      return static_cast<double>(portfolio.ParetoClassOf(account_id, revenue_12m));
    });
  }
  return MeasuredFrom(key, portfolio.revenue_12m() > 0 ? orders_ever : 0, [&] {
    return static_cast<double>(revenue_12m) / static_cast<double>(portfolio.revenue_12m());
  });
}

}  // namespace kam::domain
