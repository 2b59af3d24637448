#include <string>
#include <utility>

#include "store/criteria_fixture.h"

namespace kam::store {
namespace {

class EvaluationsTest : public CriteriaStoreTest {};

TEST_F(EvaluationsTest, KeepsEvaluationsWhole) {
  Evaluation evaluation = MakeEvaluation("e1");
  ASSERT_TRUE(Run([&](Transaction& tx) { return InsertEvaluation(tx, evaluation); }).ok());
  EXPECT_TRUE(HasReason(Run([&](Transaction& tx) { return InsertEvaluation(tx, evaluation); }),
                        ErrorReason::kResourceAlreadyExists));
  const auto get = [&] {
    return *Read<Evaluation>([](Snapshot& tx) { return GetEvaluation(tx, "e1"); });
  };
  EXPECT_FALSE(get().known_at.has_value());
  EXPECT_FALSE(get().end_time.has_value());
  EXPECT_EQ(get().as_of_day, -7);
  evaluation.state = RunState::kSucceeded;
  evaluation.known_at = kThen;
  evaluation.end_number = 7;
  evaluation.version = 2;
  evaluation.end_time = kThen + absl::Microseconds(1);
  evaluation.accounts = 7;
  evaluation.revenue_12m = 1234;
  evaluation.tiers.accounts[static_cast<size_t>(Tier::kKey)] = 2;
  evaluation.tiers.revenue_12m[static_cast<size_t>(Tier::kKey)] = 1000;
  ASSERT_TRUE(Run([&](Transaction& tx) {
                return UpdateEvaluation(tx, evaluation, ChangeKind::kEvaluationSucceeded);
              }).ok());
  EXPECT_EQ(get().known_at, kThen);
  EXPECT_EQ(get().end_time, kThen + absl::Microseconds(1));
  EXPECT_EQ(get().accounts, 7);
  EXPECT_EQ(get().lifetime_model, 3);
  EXPECT_EQ(get().tiers.accounts[static_cast<size_t>(Tier::kKey)], 2);
  EXPECT_EQ(get().tiers.revenue_12m[static_cast<size_t>(Tier::kKey)], 1000);
  EXPECT_EQ(get().tiers.accounts[static_cast<size_t>(Tier::kStandard)], 0);
  EXPECT_EQ(get().end_number, 7);
  EXPECT_EQ(get().version, 2);
  EXPECT_TRUE(
      HasReason(Run([](Transaction& tx) { return GetEvaluationForUpdate(tx, "x").status(); }),
                ErrorReason::kResourceNotFound));
}

TEST_F(EvaluationsTest, NewestEvaluationIsTheLastThatSucceeded) {
  AddRun("e1", RunState::kSucceeded, 30, {});
  AddRun("e2", RunState::kSucceeded, 20, {});
  AddRun("e3", RunState::kFailed, 40, {});
  AddRun("e4", RunState::kSucceeded, 50, {}, "other");
  const auto newest = [&](const std::string& scorecard) {
    const auto found = *Read<std::optional<Evaluation>>(
        [&](Snapshot& tx) { return NewestEvaluation(tx, scorecard); });
    return found ? found->id : "";
  };
  EXPECT_EQ(newest("default"), "e1");
  EXPECT_EQ(newest(""), "e4");
  EXPECT_EQ(newest("none"), "");
  const auto page =
      *Read<Page<Evaluation>>([](Snapshot& tx) { return ListEvaluations(tx, {.size = 3}); });
  EXPECT_EQ(page.items[0].id, "e4");
  EXPECT_EQ(page.items[2].id, "e2");
  const auto rest = *Read<Page<Evaluation>>(
      [&](Snapshot& tx) { return ListEvaluations(tx, {.size = 3, .after = page.next}); });
  ASSERT_EQ(rest.items.size(), 1u);
  EXPECT_EQ(rest.items[0].id, "e1");
  EXPECT_EQ(rest.next, "");
}

TEST_F(EvaluationsTest, TheNewestIsTheLastToEndWhateverTheClocksSaid) {
  for (const auto& [id, minutes] : {std::pair("e1", 60), std::pair("e2", 0)}) {
    ASSERT_TRUE(Run([&, id = id, minutes = minutes](Transaction& tx) -> absl::Status {
                  Evaluation run = MakeEvaluation(id);
                  KAM_RETURN_IF_ERROR(InsertEvaluation(tx, run));
                  KAM_RETURN_IF_ERROR(
                      InsertAssessments(tx, std::vector{MakeAssessment("acme", id, 1)}));
                  run.state = RunState::kSucceeded;
                  run.end_time = kThen + absl::Minutes(minutes);
                  KAM_ASSIGN_OR_RETURN(run.end_number, NextEndNumber(tx));
                  ++run.version;
                  return UpdateEvaluation(tx, run, ChangeKind::kEvaluationSucceeded);
                }).ok());
  }
  EXPECT_EQ((*Read<std::optional<Evaluation>>([](Snapshot& tx) {
              return NewestEvaluation(tx, "default");
            }))->id,
            "e2");
  EXPECT_EQ((*Read<std::optional<StoredAssessment>>([](Snapshot& tx) {
              return NewestAssessment(tx, "acme");
            }))->evaluation_id,
            "e2");
}

}  // namespace
}  // namespace kam::store
