#include "domain/criteria/portfolio_run.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "domain/criteria/judge.h"
#include "domain/criteria/portfolio_metrics.h"

namespace kam::domain {
namespace {

void Rank(std::vector<StoredAssessment>& assessments) {
  std::vector<size_t> order(assessments.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t left, size_t right) {
    const StoredAssessment& a = assessments[left];
    const StoredAssessment& b = assessments[right];
    if (a.score != b.score) return a.score > b.score;
    if (a.revenue_12m != b.revenue_12m) return a.revenue_12m > b.revenue_12m;
    return a.account_id < b.account_id;
  });
  for (size_t i = 0; i < order.size(); ++i) {
    assessments[order[i]].rank = static_cast<int64_t>(i) + 1;
  }
}

// FNV-1a, 64 bits: the same in every process.
class Fingerprint {
 public:
  void Add(absl::string_view bytes) {
    for (const char byte : bytes) {
      value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    }
  }
  template <typename Number>
  void AddNumber(Number number) {
    char bytes[sizeof(number)];
    std::memcpy(bytes, &number, sizeof(number));
    Add({bytes, sizeof(number)});
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace

StoredAssessment Assess(const ScorecardDefinition& definition, const PortfolioContext& portfolio,
                        AccountMeasures measures, Tier previous) {
  AddPortfolio(portfolio, measures);
  const Judgement judgement = Judge(definition, measures.measurements, previous);
  StoredAssessment assessment{.score = judgement.score,
                              .tier = judgement.tier,
                              .previous_tier = previous,
                              .evidence_share = judgement.evidence_share,
                              .revenue_12m = measures.revenue_12m,
                              .expected_revenue_12m = measures.expected_revenue_12m,
                              .expected_orders_12m = measures.expected_orders_12m};
  assessment.pareto_class = portfolio.ParetoClassOf(measures.account_id, measures.revenue_12m);
  for (int i = 0; i < definition.criteria_size(); ++i) {
    if (judgement.criteria[i].verdict == Verdict::kMet) {
      assessment.criteria_met.push_back(definition.criteria(i).id());
    }
  }
  assessment.account_id = std::move(measures.account_id);
  assessment.measurements = std::move(measures.measurements);
  return assessment;
}

PortfolioRun::PortfolioRun(const ScorecardDefinition& definition, const LifetimeModel* model,
                           int32_t as_of_day, const CriteriaSettings& settings)
    : definition_(definition),
      settings_(settings),
      forecaster_(model, settings),
      measurer_(KeysOf(definition), as_of_day, forecaster_) {}

absl::Status PortfolioRun::Add(const AccountHistory& history) {
  KAM_RETURN_IF_ERROR(CheckCurrency(history, settings_));
  KAM_ASSIGN_OR_RETURN(accounts_.emplace_back(), measurer_.Measure(history));
  return absl::OkStatus();
}

absl::StatusOr<PortfolioResult> PortfolioRun::Finish(
    const absl::flat_hash_map<std::string, Tier>& previous) {
  std::vector<AccountRevenue> revenues;
  revenues.reserve(accounts_.size());
  for (const AccountMeasures& account : accounts_) {
    revenues.push_back({account.account_id, account.revenue_12m});
  }
  KAM_ASSIGN_OR_RETURN(const PortfolioContext portfolio, PortfolioContext::Of(std::move(revenues)));
  PortfolioResult result;
  result.revenue_12m = portfolio.revenue_12m();
  result.assessments.reserve(accounts_.size());
  for (AccountMeasures& account : accounts_) {
    const auto before = previous.find(account.account_id);
    const StoredAssessment& assessment = result.assessments.emplace_back(
        Assess(definition_, portfolio, std::move(account),
               before == previous.end() ? Tier::kNone : before->second));
    const auto tier = static_cast<size_t>(assessment.tier);
    ++result.tiers.accounts[tier];
    result.tiers.revenue_12m[tier] +=
        assessment.revenue_12m;  // at most the portfolio's, which fits
  }
  accounts_.clear();
  Rank(result.assessments);
  std::sort(result.assessments.begin(), result.assessments.end(),
            [](const auto& a, const auto& b) { return a.account_id < b.account_id; });
  return result;
}

uint64_t FingerprintOf(const PortfolioResult& result) {
  Fingerprint fingerprint;
  for (const StoredAssessment& assessment : result.assessments) {
    fingerprint.Add(assessment.account_id);
    fingerprint.AddNumber(assessment.score);
    fingerprint.AddNumber(static_cast<int32_t>(assessment.tier));
    fingerprint.AddNumber(assessment.rank);
  }
  return fingerprint.value();
}

}  // namespace kam::domain
