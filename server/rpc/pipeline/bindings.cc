#include "rpc/pipeline/bindings.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "kam/v1/account_service.grpc.pb.h"
#include "kam/v1/allocation_service.grpc.pb.h"
#include "kam/v1/benefit_service.grpc.pb.h"
#include "kam/v1/criteria_service.grpc.pb.h"
#include "kam/v1/history_service.grpc.pb.h"
#include "kam/v1/usage_service.grpc.pb.h"
#include "rpc/pipeline/binding.h"
#include "rpc/pipeline/client_stream.h"

namespace kam::rpc {
namespace {

class AccountServiceBinding final : public Binding<v1::AccountService, AccountService> {
  using Binding::Binding;

  KAM_UNARY(v1::AccountService, CreateAccount, v1::CreateAccountRequest, v1::Account);
  KAM_UNARY(v1::AccountService, GetAccount, v1::GetAccountRequest, v1::Account);
  KAM_UNARY(v1::AccountService, ListAccounts, v1::ListAccountsRequest, v1::ListAccountsResponse);
  KAM_UNARY(v1::AccountService, UpdateAccount, v1::UpdateAccountRequest, v1::Account);
  KAM_UNARY(v1::AccountService, DeleteAccount, v1::DeleteAccountRequest, v1::Account);
  KAM_UNARY(v1::AccountService, UndeleteAccount, v1::UndeleteAccountRequest, v1::Account);
  KAM_UNARY(v1::AccountService, BatchGetAccounts, v1::BatchGetAccountsRequest,
            v1::BatchGetAccountsResponse);
  KAM_UNARY(v1::AccountService, BatchCreateAccounts, v1::BatchCreateAccountsRequest,
            v1::BatchCreateAccountsResponse);
  KAM_UNARY(v1::AccountService, LookupAccount, v1::LookupAccountRequest, v1::Account);
};

class HistoryServiceBinding final : public Binding<v1::HistoryService, HistoryService> {
  using Binding::Binding;

  KAM_UNARY(v1::HistoryService, RecordOrders, v1::RecordOrdersRequest, v1::RecordOrdersResponse);

 public:
  grpc::ServerReadReactor<v1::ImportOrdersRequest>* ImportOrders(
      grpc::CallbackServerContext* context, v1::ImportOrdersResponse* response) override {
    return new ClientStreamReactor<v1::ImportOrdersRequest, v1::ImportOrdersResponse, OrderImport>(
        runner_, *context, bound_ImportOrders_, *response,
        [this](const Call& call) { return service_.ImportOrders(call, runner_.store()); });
  }

 private:
  const BoundMethod& bound_ImportOrders_ =
      runner_.Bind(v1::HistoryService::service_full_name(), "ImportOrders");
  KAM_UNARY(v1::HistoryService, GetOrder, v1::GetOrderRequest, v1::Order);
  KAM_UNARY(v1::HistoryService, ListOrders, v1::ListOrdersRequest, v1::ListOrdersResponse);
  KAM_UNARY(v1::HistoryService, ListOrderVersions, v1::ListOrderVersionsRequest,
            v1::ListOrderVersionsResponse);
};

class CriteriaServiceBinding final : public Binding<v1::CriteriaService, CriteriaService> {
  using Binding::Binding;

  KAM_UNARY(v1::CriteriaService, ListMetrics, v1::ListMetricsRequest, v1::ListMetricsResponse);
  KAM_UNARY(v1::CriteriaService, CreateScorecard, v1::CreateScorecardRequest, v1::Scorecard);
  KAM_UNARY(v1::CriteriaService, GetScorecard, v1::GetScorecardRequest, v1::Scorecard);
  KAM_UNARY(v1::CriteriaService, ListScorecards, v1::ListScorecardsRequest,
            v1::ListScorecardsResponse);
  KAM_UNARY(v1::CriteriaService, UpdateScorecard, v1::UpdateScorecardRequest, v1::Scorecard);
  KAM_UNARY(v1::CriteriaService, PublishScorecard, v1::PublishScorecardRequest,
            v1::ScorecardRevision);
  KAM_UNARY(v1::CriteriaService, GetScorecardRevision, v1::GetScorecardRevisionRequest,
            v1::ScorecardRevision);
  KAM_UNARY(v1::CriteriaService, ListScorecardRevisions, v1::ListScorecardRevisionsRequest,
            v1::ListScorecardRevisionsResponse);
  KAM_UNARY(v1::CriteriaService, EvaluateAccount, v1::EvaluateAccountRequest, v1::Assessment);
  KAM_UNARY(v1::CriteriaService, EvaluatePortfolio, v1::EvaluatePortfolioRequest,
            google::longrunning::Operation);
  KAM_UNARY(v1::CriteriaService, GetEvaluation, v1::GetEvaluationRequest, v1::Evaluation);
  KAM_UNARY(v1::CriteriaService, ListEvaluations, v1::ListEvaluationsRequest,
            v1::ListEvaluationsResponse);
  KAM_UNARY(v1::CriteriaService, GetAssessment, v1::GetAssessmentRequest, v1::Assessment);
  KAM_UNARY(v1::CriteriaService, ListAssessments, v1::ListAssessmentsRequest,
            v1::ListAssessmentsResponse);
  KAM_UNARY(v1::CriteriaService, FitLifetimeModel, v1::FitLifetimeModelRequest,
            google::longrunning::Operation);
  KAM_UNARY(v1::CriteriaService, GetLifetimeModel, v1::GetLifetimeModelRequest, v1::LifetimeModel);
  KAM_UNARY(v1::CriteriaService, ListLifetimeModels, v1::ListLifetimeModelsRequest,
            v1::ListLifetimeModelsResponse);
};

class BenefitServiceBinding final : public Binding<v1::BenefitService, BenefitService> {
  using Binding::Binding;

  KAM_UNARY(v1::BenefitService, CreateBenefit, v1::CreateBenefitRequest, v1::Benefit);
  KAM_UNARY(v1::BenefitService, GetBenefit, v1::GetBenefitRequest, v1::Benefit);
  KAM_UNARY(v1::BenefitService, ListBenefits, v1::ListBenefitsRequest, v1::ListBenefitsResponse);
  KAM_UNARY(v1::BenefitService, UpdateBenefit, v1::UpdateBenefitRequest, v1::Benefit);
  KAM_UNARY(v1::BenefitService, ActivateBenefit, v1::ActivateBenefitRequest, v1::Benefit);
  KAM_UNARY(v1::BenefitService, RetireBenefit, v1::RetireBenefitRequest, v1::Benefit);
  KAM_UNARY(v1::BenefitService, CreateBudget, v1::CreateBudgetRequest, v1::Budget);
  KAM_UNARY(v1::BenefitService, GetBudget, v1::GetBudgetRequest, v1::Budget);
  KAM_UNARY(v1::BenefitService, ListBudgets, v1::ListBudgetsRequest, v1::ListBudgetsResponse);
  KAM_UNARY(v1::BenefitService, AdjustBudget, v1::AdjustBudgetRequest, v1::Budget);
  KAM_UNARY(v1::BenefitService, ListBudgetEntries, v1::ListBudgetEntriesRequest,
            v1::ListBudgetEntriesResponse);
  KAM_UNARY(v1::BenefitService, GrantEntitlement, v1::GrantEntitlementRequest, v1::Entitlement);
  KAM_UNARY(v1::BenefitService, RevokeEntitlement, v1::RevokeEntitlementRequest, v1::Entitlement);
  KAM_UNARY(v1::BenefitService, GetEntitlement, v1::GetEntitlementRequest, v1::Entitlement);
  KAM_UNARY(v1::BenefitService, ListEntitlements, v1::ListEntitlementsRequest,
            v1::ListEntitlementsResponse);
};

class UsageServiceBinding final : public Binding<v1::UsageService, UsageService> {
  using Binding::Binding;

  KAM_UNARY(v1::UsageService, CheckBenefit, v1::CheckBenefitRequest, v1::CheckBenefitResponse);
};

class AllocationServiceBinding final : public Binding<v1::AllocationService, AllocationService> {
  using Binding::Binding;

  KAM_UNARY(v1::AllocationService, PlanAllocation, v1::PlanAllocationRequest,
            google::longrunning::Operation);
  KAM_UNARY(v1::AllocationService, GetAllocationPlan, v1::GetAllocationPlanRequest,
            v1::AllocationPlan);
  KAM_UNARY(v1::AllocationService, ListAllocationPlans, v1::ListAllocationPlansRequest,
            v1::ListAllocationPlansResponse);
  KAM_UNARY(v1::AllocationService, ListAllocationItems, v1::ListAllocationItemsRequest,
            v1::ListAllocationItemsResponse);
  KAM_UNARY(v1::AllocationService, CommitPlan, v1::CommitPlanRequest,
            google::longrunning::Operation);
  KAM_UNARY(v1::AllocationService, DiscardPlan, v1::DiscardPlanRequest, v1::AllocationPlan);
};

class OperationsBinding final : public Binding<google::longrunning::Operations, OperationsService> {
  using Binding::Binding;
  using Service = google::longrunning::Operations;

  KAM_UNARY(Service, ListOperations, google::longrunning::ListOperationsRequest,
            google::longrunning::ListOperationsResponse);
  KAM_UNARY(Service, GetOperation, google::longrunning::GetOperationRequest,
            google::longrunning::Operation);
  KAM_UNARY(Service, DeleteOperation, google::longrunning::DeleteOperationRequest,
            google::protobuf::Empty);
  KAM_UNARY(Service, CancelOperation, google::longrunning::CancelOperationRequest,
            google::protobuf::Empty);

 public:
  grpc::ServerUnaryReactor* WaitOperation(grpc::CallbackServerContext* context,
                                          const google::longrunning::WaitOperationRequest* request,
                                          google::longrunning::Operation* response) override {
    const absl::Duration timeout = request->has_timeout()
                                       ? absl::Seconds(request->timeout().seconds()) +
                                             absl::Nanoseconds(request->timeout().nanos())
                                       : absl::InfiniteDuration();
    return runner_.RunUntil(
        *context, bound_WaitOperation_, *request, *response, timeout,
        KAM_HANDLER(WaitOperation, google::longrunning::WaitOperationRequest),
        [](const google::protobuf::Message& answer) {
          return static_cast<const google::longrunning::Operation&>(answer).done();
        });
  }

 private:
  const BoundMethod& bound_WaitOperation_ =
      runner_.Bind(Service::service_full_name(), "WaitOperation");
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> BindServices(CallRunner& runner,
                                                         const Services& services) {
  std::vector<std::unique_ptr<grpc::Service>> bound;
  bound.push_back(std::make_unique<AccountServiceBinding>(runner, services.accounts));
  bound.push_back(std::make_unique<HistoryServiceBinding>(runner, services.history));
  bound.push_back(std::make_unique<CriteriaServiceBinding>(runner, services.criteria));
  bound.push_back(std::make_unique<BenefitServiceBinding>(runner, services.benefits));
  bound.push_back(std::make_unique<UsageServiceBinding>(runner, services.usage));
  bound.push_back(std::make_unique<AllocationServiceBinding>(runner, services.allocation));
  bound.push_back(std::make_unique<OperationsBinding>(runner, services.operations));
  return bound;
}

}  // namespace kam::rpc
