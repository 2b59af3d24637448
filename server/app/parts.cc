#include "app/parts.h"

#include <utility>
#include <vector>

#include "domain/allocation/commit.h"
#include "domain/allocation/planning.h"
#include "domain/criteria/criteria_settings.h"
#include "domain/criteria/lifetime_fit.h"
#include "domain/criteria/portfolio_evaluation.h"
#include "rpc/accounts/account_service.h"
#include "rpc/allocation/allocation_service.h"
#include "rpc/benefits/benefit_service.h"
#include "rpc/benefits/usage_service.h"
#include "rpc/criteria/criteria_service.h"
#include "rpc/history/history_service.h"
#include "rpc/operations/operations_service.h"

namespace kam::app {
namespace {

domain::CriteriaSettings CriteriaSettingsOf(const Settings& settings) {
  return {.reporting_currency = settings.reporting_currency,
          .annual_discount_rate = settings.annual_discount_rate};
}

}  // namespace

struct Parts::Owned {
  explicit Owned(const Settings& settings) : criteria_service(CriteriaSettingsOf(settings)) {}

  rpc::AccountService account_service;
  rpc::HistoryService history_service;
  rpc::CriteriaService criteria_service;
  rpc::BenefitService benefit_service;
  rpc::UsageService usage_service;
  rpc::AllocationService allocation_service;
  rpc::OperationsService operations_service;
};

Parts::Parts(const Settings& settings, store::Store& store, const Clock& clock)
    : settings_(settings),
      store_(store),
      clock_(clock),
      owned_(std::make_unique<Owned>(settings)) {}

Parts::~Parts() = default;

rpc::Services Parts::services() {
  return {.operations = owned_->operations_service,
          .account = owned_->account_service,
          .allocation = owned_->allocation_service,
          .benefit = owned_->benefit_service,
          .criteria = owned_->criteria_service,
          .history = owned_->history_service,
          .usage = owned_->usage_service};
}

std::unique_ptr<jobs::JobRunner> Parts::StartJobs(std::function<void(const std::string&)> log) {
  const domain::CriteriaSettings criteria = CriteriaSettingsOf(settings_);
  std::vector<std::unique_ptr<jobs::Job>> jobs;
  jobs.push_back(
      std::make_unique<domain::PortfolioEvaluation>(criteria, settings_.job_chunk_accounts));
  jobs.push_back(std::make_unique<domain::LifetimeFit>(criteria));
  jobs.push_back(std::make_unique<domain::PlanAllocationJob>());
  jobs.push_back(std::make_unique<domain::CommitPlanJob>());
  return std::make_unique<jobs::JobRunner>(
      store_, clock_, std::move(jobs),
      jobs::JobRunnerOptions{.threads = settings_.job_threads, .lease = settings_.job_lease},
      std::move(log));
}

}  // namespace kam::app
