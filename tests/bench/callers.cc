#include "bench/callers.h"

#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "health/v1/health.grpc.pb.h"
#include "kam/v1/account_service.grpc.pb.h"
#include "kam/v1/benefit_service.grpc.pb.h"
#include "kam/v1/criteria_service.grpc.pb.h"
#include "kam/v1/history_service.grpc.pb.h"
#include "kam/v1/usage_service.grpc.pb.h"

namespace kam::bench {
namespace {

using Channel = std::shared_ptr<grpc::Channel>;
using MakeCaller = std::function<std::unique_ptr<Caller>(int number, const Channel& channel)>;

// A caller of `method` of a stub of `Service`, which it keeps alive.
template <class Service, class Request, class Response, class Async>
std::unique_ptr<Caller> Calling(const Channel& channel,
                                void (Async::*method)(grpc::ClientContext*, const Request*,
                                                      Response*, Caller::Done),
                                typename UnaryCaller<Request, Response>::Next next) {
  std::shared_ptr<typename Service::Stub> stub = Service::NewStub(channel);
  return std::make_unique<UnaryCaller<Request, Response>>(
      [stub, method](grpc::ClientContext* context, const Request* request, Response* response,
                     Caller::Done done) {
        (stub->async()->*method)(context, request, response, std::move(done));
      },
      std::move(next));
}

template <class Request>
bool Unchanged(Request& /*request*/) {
  return true;
}

// Picks accounts at random; each caller its own sequence, the same in every run.
class AnyAccount {
 public:
  AnyAccount(const Plan& plan, int caller)
      : accounts_(&plan.accounts),
        random_(static_cast<unsigned>(caller) + 1),
        index_(0, plan.accounts.size() - 1) {}

  std::string operator()() { return absl::StrCat("accounts/", (*accounts_)[index_(random_)]); }

 private:
  const std::vector<std::string>* accounts_;
  std::minstd_rand random_;
  std::uniform_int_distribution<size_t> index_;
};

std::unique_ptr<Caller> Health(const Channel& channel) {
  return Calling<grpc::health::v1::Health>(channel, &grpc::health::v1::Health::Stub::async::Check,
                                           Unchanged<grpc::health::v1::HealthCheckRequest>);
}

std::unique_ptr<Caller> ListMetrics(const Channel& channel) {
  return Calling<v1::CriteriaService>(channel, &v1::CriteriaService::Stub::async::ListMetrics,
                                      Unchanged<v1::ListMetricsRequest>);
}

std::unique_ptr<Caller> GetAccount(const Plan& plan, int caller, const Channel& channel) {
  return Calling<v1::AccountService>(
      channel, &v1::AccountService::Stub::async::GetAccount,
      [any = AnyAccount(plan, caller)](v1::GetAccountRequest& request) mutable {
        request.set_name(any());
        return true;
      });
}

std::unique_ptr<Caller> CheckBenefit(const Plan& plan, int caller, const Channel& channel) {
  const std::string benefit = absl::StrCat("benefits/", plan.benefits.front());
  return Calling<v1::UsageService>(
      channel, &v1::UsageService::Stub::async::CheckBenefit,
      [any = AnyAccount(plan, caller), benefit](v1::CheckBenefitRequest& request) mutable {
        request.set_account(any());
        request.set_benefit(benefit);
        return true;
      });
}

// Every grant is of a pair that nobody has asked for, so that it can succeed: the first benefit to
// all accounts, then the second, until none is left. Grants that are under way together are of
// different accounts and meet only at the budget.
std::unique_ptr<Caller> Grant(const Plan& plan, const std::shared_ptr<std::atomic<size_t>>& pair,
                              const Channel& channel) {
  return Calling<v1::BenefitService>(
      channel, &v1::BenefitService::Stub::async::GrantEntitlement,
      [&plan, pair](v1::GrantEntitlementRequest& request) {
        const size_t number = pair->fetch_add(1);
        const size_t benefit = number / plan.accounts.size();
        if (benefit >= plan.benefits.size()) return false;
        request.set_parent(absl::StrCat("accounts/", plan.accounts[number % plan.accounts.size()]));
        request.mutable_entitlement()->set_benefit(
            absl::StrCat("benefits/", plan.benefits[benefit]));
        request.mutable_entitlement()->set_reason("a benchmark");
        return true;
      });
}

v1::Order CompletedOrder() {
  v1::Order order;
  order.mutable_net_amount()->set_currency_code("USD");
  order.mutable_net_amount()->set_units(20);
  *order.mutable_list_amount() = order.net_amount();
  order.set_status(v1::Order::STATUS_COMPLETED);
  return order;
}

// One new order a call, always of the same account, on the day after the one before.
std::unique_ptr<Caller> RecordOrder(const Plan& plan, int caller, const Channel& channel) {
  constexpr int kDays = 8000;
  const std::string& account = plan.accounts[static_cast<size_t>(caller) % plan.accounts.size()];
  const std::string prefix = absl::StrCat("accounts/", account, "/orders/b",
                                          absl::ToUnixMicros(absl::Now()), "-", caller, "-");
  const int64_t first_day =
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilDay(2000, 1, 1), absl::UTCTimeZone()));
  return Calling<v1::HistoryService>(
      channel, &v1::HistoryService::Stub::async::RecordOrders,
      [prefix, first_day, n = int64_t{0}](v1::RecordOrdersRequest& request) mutable {
        if (n == 0) *request.add_orders() = CompletedOrder();
        v1::Order& order = *request.mutable_orders(0);
        order.set_name(absl::StrCat(prefix, n));
        order.mutable_order_time()->set_seconds(first_day + n % kDays * 24 * 60 * 60);
        ++n;
        return true;
      });
}

// The kinds of calls. Those that take no plan need neither accounts nor benefits.
std::map<std::string, MakeCaller> Kinds(const Plan& plan) {
  auto pair = std::make_shared<std::atomic<size_t>>(0);
  return {
      {"health", [](int, const Channel& channel) { return Health(channel); }},
      {"metrics", [](int, const Channel& channel) { return ListMetrics(channel); }},
      {"get", [&plan](int n, const Channel& channel) { return GetAccount(plan, n, channel); }},
      {"check", [&plan](int n, const Channel& channel) { return CheckBenefit(plan, n, channel); }},
      {"grant", [&plan, pair](int, const Channel& channel) { return Grant(plan, pair, channel); }},
      {"record", [&plan](int n, const Channel& channel) { return RecordOrder(plan, n, channel); }},
  };
}

}  // namespace

std::vector<std::string> CallNames() {
  std::vector<std::string> names;
  for (const auto& [name, make] : Kinds({})) names.push_back(name);
  return names;
}

absl::StatusOr<std::vector<std::unique_ptr<Caller>>> MakeCallers(
    const Plan& plan, const std::vector<Channel>& channels) {
  const std::map<std::string, MakeCaller> kinds = Kinds(plan);
  const auto kind = kinds.find(plan.call);
  if (kind == kinds.end()) return absl::InvalidArgumentError("no such --call");
  const bool needs_benefits = plan.call == "check" || plan.call == "grant";
  const bool needs_accounts = needs_benefits || plan.call == "get" || plan.call == "record";
  if ((needs_accounts && plan.accounts.empty()) || (needs_benefits && plan.benefits.empty())) {
    return absl::InvalidArgumentError(absl::StrCat("--call=", plan.call, " needs --accounts",
                                                   needs_benefits ? " and --benefits" : ""));
  }
  std::vector<std::unique_ptr<Caller>> callers;
  for (int n = 0; n < plan.callers; ++n) {
    callers.push_back(kind->second(n, channels[static_cast<size_t>(n) % channels.size()]));
  }
  return callers;
}

}  // namespace kam::bench
