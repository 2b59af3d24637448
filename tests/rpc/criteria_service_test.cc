#include "rpc/criteria/criteria_service.h"
#include "rpc/invoke.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/criteria/default_scorecard.h"
#include "domain/criteria/lifetime_fit.h"
#include "domain/criteria/portfolio_evaluation.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "kam/v1/operation_metadata.pb.h"
#include "model/criteria/metric_catalogue.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "model/operations/names.h"
#include "rpc/contract/convert.h"
#include "store/operations/operations.h"
#include "support/facts.h"
#include "support/fake_job_context.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int32_t kAsOfDay = 19'000;

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : GetErrorDetails(status).value_or(ErrorDetails()).fields) {
    fields.push_back(violation.field);
  }
  return fields;
}

class CriteriaServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Must(store_->Transact({},
                          [](store::Transaction& tx) { return domain::SeedDefaultScorecard(tx); }));
  }

  static void Must(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

  // Calls a method as the wrapper does: in a transaction that is committed when it answers OK.
  template <typename Method, typename Request>
  auto Ask(Method method, const Request& request) {
    return testing::Invoke(*store_, service_, method, Call{.principal = "tester"}, request);
  }

  v1::Scorecard GetScorecard(const std::string& name) {
    v1::GetScorecardRequest request;
    request.set_name(name);
    return *Ask(&CriteriaService::GetScorecard, request);
  }

  absl::StatusOr<v1::Scorecard> Create(const std::string& id, const v1::Scorecard& scorecard) {
    v1::CreateScorecardRequest request;
    request.set_scorecard_id(id);
    *request.mutable_scorecard() = scorecard;
    return Ask(&CriteriaService::CreateScorecard, request);
  }

  absl::StatusOr<v1::ScorecardRevision> Publish(const std::string& name,
                                                const std::string& etag = "") {
    v1::PublishScorecardRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return Ask(&CriteriaService::PublishScorecard, request);
  }

  // a0 to a4, of which a0 orders most, and a4 never.
  void AddPortfolio() {
    Must(testing::AddAccounts(*store_, {"a0", "a1", "a2", "a3", "a4"}));
    std::vector<Order> orders;
    for (int account = 0; account < 4; ++account) {
      for (int month = 0; month < 14 - 4 * account; ++month) {
        orders.push_back(testing::MakeOrder(absl::StrCat("a", account), absl::StrCat("o", month),
                                            kAsOfDay - 10 - 30 * month,
                                            100'000 / (1 + account * account)));
      }
    }
    Must(testing::RecordOrders(*store_, orders).status());
  }

  // Asks for a run and does its work; answers the evaluation's name.
  std::string RunPortfolio() {
    v1::EvaluatePortfolioRequest request;
    *request.mutable_as_of() = ToProto(StartOfDay(kAsOfDay));
    const auto operation = Ask(&CriteriaService::EvaluatePortfolio, request);
    EXPECT_TRUE(operation.ok()) << operation.status();
    const Operation stored =
        *store::TransactFor<Operation>(*store_, {}, [&](store::Transaction& tx) {
          return store::GetOperation(tx, OperationName::Parse(operation->name())->operation);
        });
    testing::FakeJobContext context(*store_, stored);
    Must(domain::PortfolioEvaluation(settings_, 2).Run(context));
    return stored.target;
  }

  absl::StatusOr<v1::Assessment> Evaluate(const v1::EvaluateAccountRequest& request) {
    return Ask(&CriteriaService::EvaluateAccount, request);
  }
  static v1::EvaluateAccountRequest EvaluateRequest(const std::string& account) {
    v1::EvaluateAccountRequest request;
    request.set_account(account);
    *request.mutable_as_of() = ToProto(StartOfDay(kAsOfDay) + absl::Hours(13));
    return request;
  }

  absl::StatusOr<v1::ListAssessmentsResponse> List(const v1::ListAssessmentsRequest& request) {
    return Ask(&CriteriaService::ListAssessments, request);
  }

  testing::TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  domain::CriteriaSettings settings_ = {.reporting_currency = "EUR"};
  CriteriaService service_{settings_};
};

TEST_F(CriteriaServiceTest, ListsEveryMetricOfTheContract) {
  const v1::ListMetricsResponse& response = service_.ListMetrics(Call(), v1::ListMetricsRequest());
  // All values of the enumeration but UNSPECIFIED, by the id that is its name.
  EXPECT_EQ(response.metrics_size(), v1::Metric_descriptor()->value_count() - 1);
  for (const v1::MetricInfo& metric : response.metrics()) {
    EXPECT_EQ(v1::Metric_Name(metric.metric()),
              absl::StrCat("METRIC_", absl::AsciiStrToUpper(metric.id())));
  }
}

TEST_F(CriteriaServiceTest, KeepsAScorecardAsItWasSent) {
  v1::Scorecard sent = GetScorecard("scorecards/default");
  sent.mutable_definition()->mutable_tiers(1)->mutable_requirement()->mutable_at_least();
  v1::Requirement::AtLeast& at_least =
      *sent.mutable_definition()->mutable_tiers(1)->mutable_requirement()->mutable_at_least();
  at_least.set_count(1);
  at_least.add_requirements()->set_criterion("tenure");
  sent.mutable_definition()->mutable_criteria(0)->set_missing_evidence(
      v1::Criterion::MISSING_EVIDENCE_NOT_MET);
  const auto created = Create("mine", sent);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "scorecards/mine");
  EXPECT_EQ(created->latest_revision(), 0);
  const v1::Scorecard found = GetScorecard("scorecards/mine");
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(found.definition(), sent.definition()))
      << found.definition().DebugString();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(found, *created));
  EXPECT_TRUE(HasReason(Create("mine", sent).status(), ErrorReason::kResourceAlreadyExists));
}

TEST_F(CriteriaServiceTest, NamesEveryViolationAndStoresNothing) {
  v1::Scorecard scorecard = GetScorecard("scorecards/default");
  scorecard.clear_display_name();
  scorecard.mutable_definition()->mutable_criteria(1)->set_id("stable_orders");
  scorecard.mutable_definition()->mutable_criteria(2)->mutable_metrics(0)->set_window_months(6);
  scorecard.mutable_definition()->mutable_tiers(2)->set_leave_score(99);
  const absl::Status status = Create("bad", scorecard).status();
  EXPECT_TRUE(HasReason(status, ErrorReason::kInvalidFields)) << status;
  EXPECT_THAT(FieldsOf(status),
              ElementsAre("scorecard.display_name", "scorecard.definition.criteria[1].id",
                          "scorecard.definition.criteria[2].metrics[0].window_months",
                          // both requirements name the id that is gone
                          "scorecard.definition.tiers[0].requirement.all_of.requirements[1]"
                          ".any_of.requirements[0].criterion",
                          "scorecard.definition.tiers[1].requirement.any_of.requirements[1]"
                          ".criterion",
                          "scorecard.definition.tiers[2].leave_score"));
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM scorecards WHERE scorecard_id = 'bad'"), "0");
}

TEST_F(CriteriaServiceTest, UpdatesWhatTheMaskNames) {
  v1::UpdateScorecardRequest request;
  *request.mutable_scorecard() = GetScorecard("scorecards/default");
  request.mutable_scorecard()->set_display_name("Ours");
  request.mutable_scorecard()->mutable_definition()->mutable_criteria()->Clear();
  request.mutable_update_mask()->add_paths("display_name");
  const auto updated = Ask(&CriteriaService::UpdateScorecard, request);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->display_name(), "Ours");
  EXPECT_GT(updated->definition().criteria_size(), 0);
  EXPECT_NE(updated->etag(), request.scorecard().etag());
  // The etag that was read before is stale now.
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::UpdateScorecard, request).status(),
                        ErrorReason::kEtagMismatch));
  request.mutable_scorecard()->set_etag(updated->etag());
  // A mask and a definition that are wrong are both named.
  request.mutable_update_mask()->add_paths("definition");
  request.mutable_update_mask()->add_paths("create_time");
  EXPECT_THAT(FieldsOf(Ask(&CriteriaService::UpdateScorecard, request).status()),
              ::testing::IsSupersetOf({"update_mask", "scorecard.definition.criteria"}));
  request.clear_update_mask();
  request.mutable_scorecard()->set_name("scorecards/none");
  request.mutable_update_mask()->add_paths("display_name");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::UpdateScorecard, request).status(),
                        ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaServiceTest, PublishesNumberedRevisionsThatNeverChange) {
  const v1::Scorecard draft = GetScorecard("scorecards/default");
  EXPECT_EQ(draft.latest_revision(), 1);
  EXPECT_TRUE(HasReason(Publish(draft.name(), "other").status(), ErrorReason::kEtagMismatch));
  v1::UpdateScorecardRequest update;
  *update.mutable_scorecard() = draft;
  update.mutable_scorecard()->mutable_definition()->set_min_evidence_share(0.25);
  Must(Ask(&CriteriaService::UpdateScorecard, update).status());
  const auto second = Publish(draft.name());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->name(), "scorecards/default/revisions/2");

  v1::GetScorecardRevisionRequest get;
  get.set_name("scorecards/default/revisions/1");
  EXPECT_EQ(Ask(&CriteriaService::GetScorecardRevision, get)->definition().min_evidence_share(),
            0.5);
  get.set_name("scorecards/default/revisions/3");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::GetScorecardRevision, get).status(),
                        ErrorReason::kResourceNotFound));
  v1::ListScorecardRevisionsRequest list;
  list.set_parent("scorecards/default");
  list.set_page_size(1);
  const auto page = Ask(&CriteriaService::ListScorecardRevisions, list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->revisions(0).name(), "scorecards/default/revisions/2");
  list.set_page_token(page->next_page_token());
  EXPECT_EQ(Ask(&CriteriaService::ListScorecardRevisions, list)->revisions(0).name(),
            "scorecards/default/revisions/1");
  list.set_page_token("made up");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::ListScorecardRevisions, list).status(),
                        ErrorReason::kInvalidPageToken));
  list.set_parent("scorecards/none");
  list.clear_page_token();
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::ListScorecardRevisions, list).status(),
                        ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaServiceTest, SeedingTwiceChangesNothing) {
  const v1::Scorecard before = GetScorecard("scorecards/default");
  SetUp();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      before, GetScorecard("scorecards/default")));
}

TEST_F(CriteriaServiceTest, ExplainsOneAccount) {
  AddPortfolio();
  const auto assessment = Evaluate(EvaluateRequest("accounts/a0"));
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  EXPECT_EQ(assessment->name(), "");
  EXPECT_EQ(assessment->account(), "accounts/a0");
  EXPECT_EQ(assessment->scorecard_revision(), "scorecards/default/revisions/1");
  EXPECT_EQ(assessment->lifetime_model(), "");
  EXPECT_EQ(FromProto(assessment->as_of()), StartOfDay(kAsOfDay));  // floored
  EXPECT_EQ(assessment->previous_tier(), v1::TIER_UNSPECIFIED);
  ASSERT_THAT(assessment->criteria(), SizeIs(7));
  const v1::CriterionResult& stable = assessment->criteria(0);
  EXPECT_EQ(stable.criterion(), "stable_orders");
  EXPECT_EQ(stable.verdict(), v1::VERDICT_MET);
  EXPECT_DOUBLE_EQ(stable.margin(), stable.score() - stable.pass_mark());
  EXPECT_EQ(stable.metrics(0).evidence_needed(), 3);
  EXPECT_TRUE(stable.metrics(0).has_window_start());
  // Nothing is known of its future without a model.
  const v1::CriterionResult& lifetime = assessment->criteria(1);
  EXPECT_EQ(lifetime.verdict(), v1::VERDICT_INSUFFICIENT_DATA);
  EXPECT_FALSE(lifetime.has_score());
  EXPECT_FALSE(lifetime.has_margin());
  EXPECT_FALSE(lifetime.metrics(0).has_value());
  EXPECT_FALSE(lifetime.metrics(0).has_window_start());
  EXPECT_GT(assessment->flips_size(), 0);
  for (int i = 1; i < assessment->flips_size(); ++i) {
    EXPECT_GE(assessment->flips(i).score_distance(), assessment->flips(i - 1).score_distance());
  }
}

TEST_F(CriteriaServiceTest, EvaluateAccountRefuses) {
  AddPortfolio();
  v1::EvaluateAccountRequest request = EvaluateRequest("accounts/nobody");
  EXPECT_TRUE(HasReason(Evaluate(request).status(), ErrorReason::kResourceNotFound));
  request = EvaluateRequest("accounts/a0");
  *request.mutable_known_at() = ToProto(absl::Now() + absl::Minutes(1));
  EXPECT_THAT(FieldsOf(Evaluate(request).status()), ElementsAre("known_at"));
  // Known since its create_time only.
  *request.mutable_known_at() = ToProto(absl::FromUnixSeconds(999'999'999));
  EXPECT_TRUE(HasReason(Evaluate(request).status(), ErrorReason::kResourceNotFound));
  request = EvaluateRequest("accounts/a0");
  request.set_scorecard("scorecards/none");
  EXPECT_TRUE(HasReason(Evaluate(request).status(), ErrorReason::kResourceNotFound));
  request.set_scorecard("scorecards/default/revisions/9");
  EXPECT_TRUE(HasReason(Evaluate(request).status(), ErrorReason::kResourceNotFound));
  Must(Create("draft", GetScorecard("scorecards/default")).status());
  request.set_scorecard("scorecards/draft");
  EXPECT_TRUE(HasReason(Evaluate(request).status(), ErrorReason::kNotPublished));
  request = EvaluateRequest("accounts/a0");
  request.set_lifetime_model("lifetimeModels/7");
  EXPECT_TRUE(HasReason(Evaluate(request).status(), ErrorReason::kResourceNotFound));
  database_.Sql("UPDATE accounts SET delete_time = now() WHERE account_id = 'a0'");
  EXPECT_TRUE(
      HasReason(Evaluate(EvaluateRequest("accounts/a0")).status(), ErrorReason::kResourceDeleted));
  Must(store_->Transact({}, [](store::Transaction& tx) {
    return store::InsertAccount(tx, testing::MakeAccount("yen", "JPY"));
  }));
  Must(testing::RecordOrders(*store_, {testing::MakeOrder("yen", "o", kAsOfDay - 9, 1)}).status());
  EXPECT_TRUE(
      HasReason(Evaluate(EvaluateRequest("accounts/a1")).status(), ErrorReason::kFxRateMissing));
}

TEST_F(CriteriaServiceTest, EvaluatesAgainAsKnownBefore) {
  AddPortfolio();
  const absl::Time before = absl::Now();
  const auto first = Evaluate(EvaluateRequest("accounts/a1"));
  ASSERT_TRUE(first.ok()) << first.status();
  Must(testing::RecordOrders(*store_, {testing::MakeOrder("a1", "late", kAsOfDay - 3, 99'000'000)})
           .status());
  v1::EvaluateAccountRequest request = EvaluateRequest("accounts/a1");
  EXPECT_NE(Evaluate(request)->score(), first->score());
  *request.mutable_known_at() = ToProto(before);
  const auto again = Evaluate(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->score(), first->score());
  EXPECT_EQ(again->tier(), first->tier());
  EXPECT_EQ(FromProto(again->known_at()), FromProto(ToProto(before)));
}

TEST_F(CriteriaServiceTest, EvaluatesThePortfolioAsAnOperation) {
  AddPortfolio();
  v1::EvaluatePortfolioRequest request;
  request.set_scorecard("scorecards/default/revisions/1");
  const auto operation = Ask(&CriteriaService::EvaluatePortfolio, request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  EXPECT_FALSE(operation->done());
  v1::OperationMetadata metadata;
  ASSERT_TRUE(operation->metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.kind(), v1::OperationMetadata::KIND_EVALUATE_PORTFOLIO);
  v1::GetEvaluationRequest get;
  get.set_name(metadata.target());
  const auto running = Ask(&CriteriaService::GetEvaluation, get);
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_EQ(running->state(), v1::Evaluation::STATE_RUNNING);
  EXPECT_FALSE(running->has_known_at());
  EXPECT_THAT(running->tiers(), IsEmpty());

  get.set_name(RunPortfolio());
  const auto done = Ask(&CriteriaService::GetEvaluation, get);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->state(), v1::Evaluation::STATE_SUCCEEDED);
  EXPECT_EQ(done->account_count(), 5);
  EXPECT_EQ(done->revenue_12m().currency_code(), "EUR");
  ASSERT_THAT(done->tiers(), SizeIs(4));
  EXPECT_EQ(done->tiers(0).tier(), v1::TIER_STRATEGIC);
  EXPECT_EQ(done->tiers(3).tier(), v1::TIER_STANDARD);
  double share = 0;
  for (const auto& tier : done->tiers()) share += tier.revenue_share();
  EXPECT_NEAR(share, 1, 1e-12);
  // The newest first.
  const auto list = Ask(&CriteriaService::ListEvaluations, v1::ListEvaluationsRequest());
  ASSERT_THAT(list->evaluations(), SizeIs(2));
  EXPECT_EQ(list->evaluations(0).name(), done->name());
}

TEST_F(CriteriaServiceTest, StartsNothingThatCannotRun) {
  v1::EvaluatePortfolioRequest request;
  request.set_scorecard("scorecards/none");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::EvaluatePortfolio, request).status(),
                        ErrorReason::kResourceNotFound));
  Must(Create("draft", GetScorecard("scorecards/default")).status());
  request.set_scorecard("scorecards/draft");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::EvaluatePortfolio, request).status(),
                        ErrorReason::kNotPublished));
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM operations"), "0");
}

TEST_F(CriteriaServiceTest, AssessmentsOfARunByRankAndOfAnAccountByTime) {
  AddPortfolio();
  v1::ListAssessmentsRequest request;
  request.set_parent("accounts/-");
  EXPECT_THAT(List(request)->assessments(), IsEmpty());  // nothing has run yet
  const std::string first = RunPortfolio();
  const std::string second = RunPortfolio();
  const auto newest = List(request);
  ASSERT_TRUE(newest.ok()) << newest.status();
  ASSERT_THAT(newest->assessments(), SizeIs(5));
  EXPECT_EQ(newest->assessments(0).account(), "accounts/a0");
  EXPECT_EQ(newest->assessments(0).evaluation(), second);
  for (int i = 0; i < 5; ++i) {
    const v1::Assessment& assessment = newest->assessments(i);
    EXPECT_EQ(assessment.rank(), i + 1);
    EXPECT_EQ(assessment.previous_tier(), assessment.tier());
    EXPECT_THAT(assessment.criteria(), SizeIs(7));
    EXPECT_THAT(assessment.flips(), IsEmpty());
  }
  // By tier, in pages.
  request.add_tiers(v1::TIER_STANDARD);
  request.set_page_size(1);
  const auto standard = List(request);
  ASSERT_THAT(standard->assessments(), SizeIs(1));
  EXPECT_EQ(standard->assessments(0).tier(), v1::TIER_STANDARD);

  request.Clear();
  request.set_parent("accounts/a0");
  const auto of_account = List(request);
  ASSERT_THAT(of_account->assessments(), SizeIs(2));
  EXPECT_EQ(of_account->assessments(0).evaluation(), second);
  EXPECT_EQ(of_account->assessments(1).evaluation(), first);
  request.set_evaluation(first);
  ASSERT_THAT(List(request)->assessments(), SizeIs(1));
  request.add_tiers(v1::TIER_STANDARD);
  EXPECT_THAT(List(request)->assessments(), IsEmpty());
  request.set_parent("accounts/nobody");
  EXPECT_TRUE(HasReason(List(request).status(), ErrorReason::kResourceNotFound));
  request.set_parent("accounts/-");
  request.set_evaluation("evaluations/none");
  EXPECT_TRUE(HasReason(List(request).status(), ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaServiceTest, PagesStayWithTheRunThatWasNewestAtFirst) {
  AddPortfolio();
  const std::string first = RunPortfolio();
  v1::ListAssessmentsRequest request;
  request.set_parent("accounts/-");
  request.set_page_size(2);
  std::vector<std::string> accounts;
  do {
    const auto page = List(request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Assessment& assessment : page->assessments()) {
      EXPECT_EQ(assessment.evaluation(), first);
      accounts.push_back(assessment.account());
    }
    RunPortfolio();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(accounts, SizeIs(5));
}

TEST_F(CriteriaServiceTest, AnAssessmentIsExplainedAgain) {
  AddPortfolio();
  const std::string run = RunPortfolio();
  v1::GetAssessmentRequest request;
  request.set_name(
      absl::StrCat("accounts/a0/assessments/", EvaluationName::Parse(run)->evaluation));
  const auto assessment = Ask(&CriteriaService::GetAssessment, request);
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  EXPECT_EQ(assessment->name(), request.name());
  EXPECT_EQ(assessment->rank(), 1);
  EXPECT_GT(assessment->flips_size(), 0);
  const auto now = Evaluate(EvaluateRequest("accounts/a0"));
  EXPECT_EQ(now->score(), assessment->score());
  EXPECT_EQ(now->previous_tier(), assessment->tier());  // the run is what is before
  request.set_name("accounts/a0/assessments/-");
  EXPECT_EQ(Ask(&CriteriaService::GetAssessment, request)->name(), assessment->name());
  request.set_name("accounts/nobody/assessments/-");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::GetAssessment, request).status(),
                        ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaServiceTest, FitsAModelAsAnOperation) {
  v1::FitLifetimeModelRequest request;
  request.set_purchase_kind(v1::LifetimeModel::PURCHASE_KIND_BG_NBD);
  const auto operation = Ask(&CriteriaService::FitLifetimeModel, request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  v1::OperationMetadata metadata;
  ASSERT_TRUE(operation->metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.kind(), v1::OperationMetadata::KIND_FIT_LIFETIME_MODEL);
  v1::GetLifetimeModelRequest get;
  get.set_name(metadata.target());
  const auto model = Ask(&CriteriaService::GetLifetimeModel, get);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->state(), v1::LifetimeModel::STATE_RUNNING);
  EXPECT_EQ(model->purchase_kind(), v1::LifetimeModel::PURCHASE_KIND_BG_NBD);
  EXPECT_FALSE(model->has_purchase());
  EXPECT_FALSE(model->has_known_at());
  const auto list = Ask(&CriteriaService::ListLifetimeModels, v1::ListLifetimeModelsRequest());
  ASSERT_THAT(list->lifetime_models(), SizeIs(1));
  get.set_name("lifetimeModels/99");
  EXPECT_TRUE(HasReason(Ask(&CriteriaService::GetLifetimeModel, get).status(),
                        ErrorReason::kResourceNotFound));
}

}  // namespace
}  // namespace kam::rpc
