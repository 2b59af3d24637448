// Random steps against PostgreSQL, grants and revocations in groups, held to the simple model.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "domain/benefits/budgets.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/grants.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/benefits/budgets.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/grant_model.h"
#include "support/test_database.h"

namespace kam::domain {
namespace {

using testing::Do;
using testing::GrantModel;
using testing::GrantStep;
using testing::TestDatabase;

constexpr int kWorlds = 4;
constexpr int kStepsInAWorld = 600;
constexpr size_t kMaxGroup = 16;

std::string TextOf(const absl::Status& status) {
  const auto details = GetErrorDetails(status);
  return details ? absl::StrCat(static_cast<int>(details->reason)) : status.ToString();
}

// The model's world in a database of its own. Steps that can be grouped wait until another kind of
// step, or a full group, runs them.
class World {
 public:
  explicit World(uint64_t seed) : model_(seed) {
    for (const Budget& budget : model_.budgets()) {
      Must(At([&](store::Transaction& tx) { return CreateBudget(tx, budget, "t").status(); }));
    }
    for (const Benefit& benefit : model_.benefits()) Must(testing::AddBenefit(*store_, benefit));
    std::vector<StoredAssessment> assessments;
    for (const auto& account : model_.accounts()) {
      Must(Do(*store_, [&](store::Transaction& tx) {
        return InsertAccount(tx, testing::MakeAccount(account.id, account.currency));
      }));
      assessments.push_back(account.assessment);
    }
    Must(testing::AddEvaluation(*store_, "v1", testing::TestNow(), assessments));
  }

  void Step() {
    const GrantStep step = model_.Draw();
    const bool grouped =
        step.kind == GrantStep::Kind::kGrant || step.kind == GrantStep::Kind::kRevoke;
    if (!waiting_.empty() && (waiting_.front().kind != step.kind || waiting_.size() >= kMaxGroup)) {
      RunGroup();
    }
    if (grouped) {
      waiting_.push_back(step);
      expected_.push_back(model_.Apply(step));
      return;
    }
    const std::string found = RunAlone(step);
    EXPECT_EQ(found, model_.Apply(step));
  }

  // Runs what waits; everything that can be counted agrees.
  void Finish() {
    if (!waiting_.empty()) RunGroup();
    for (size_t i = 0; i < model_.budgets().size(); ++i) {
      const std::string& id = model_.budgets()[i].id;
      const auto budget = store::TransactFor<Budget>(
          *store_, {}, [&](store::Transaction& tx) { return store::GetBudget(tx, id); });
      ASSERT_TRUE(budget.ok()) << budget.status();
      EXPECT_EQ(absl::StrCat(budget->limit, " ", budget->seat_limit.value_or(-1), " ",
                             budget->reserved, " ", budget->seats_reserved),
                model_.BalanceOf(i));
      EXPECT_EQ(budget->entries, model_.LinesOf(i));
    }
    ExpectNone("budgets that are not the sum of their lines", R"(
        SELECT b.budget_id FROM budgets b, LATERAL (
          SELECT CAST(sum(amount) FILTER (WHERE kind = 4) AS bigint) AS money_limit,
                 CAST(sum(CASE kind WHEN 1 THEN amount WHEN 2 THEN -amount ELSE 0 END) AS bigint)
                   AS reserved,
                 CAST(sum(CASE kind WHEN 1 THEN seats WHEN 2 THEN -seats ELSE 0 END) AS bigint)
                   AS seats,
                 max(number) AS entries, max(create_time) AS update_time
          FROM budget_entries e WHERE e.budget_id = b.budget_id) AS l
        WHERE (b.money_limit, b.reserved, b.seats_reserved, b.entries, b.update_time)
          IS DISTINCT FROM (l.money_limit, l.reserved, l.seats, l.entries, l.update_time))");
    ExpectNone("budgets that are not the sum of their entitlements", R"(
        SELECT b.budget_id FROM budgets b, LATERAL (
          SELECT CAST(coalesce(sum(reserved_cost), 0) AS bigint) AS reserved,
                 CAST(coalesce(sum(seats), 0) AS bigint) AS seats
          FROM entitlements e WHERE e.budget_id = b.budget_id AND e.state = 1) AS l
        WHERE (b.reserved, b.seats_reserved) IS DISTINCT FROM (l.reserved, l.seats))");
    ExpectNone("ledgers with a gap or times that run backwards", R"(
        SELECT budget_id FROM (
          SELECT budget_id, number - lag(number, 1, 0::bigint) OVER w AS step,
                 create_time < lag(create_time) OVER w AS backwards
          FROM budget_entries WINDOW w AS (PARTITION BY budget_id ORDER BY number)) AS l
        WHERE step <> 1 OR backwards)");
    ExpectNone("changes with a gap", R"(
        SELECT resource FROM (
          SELECT resource, version - lag(version, 1, 0::bigint) OVER w AS step
          FROM changes WHERE kind ~ '^(budget|entitlement)' WINDOW w AS
            (PARTITION BY resource ORDER BY version)) AS c
        WHERE step <> 1)");
    ExpectNone("versions that the changes do not tell", R"(
        SELECT resource FROM (
          SELECT 'budgets/' || budget_id AS resource, version FROM budgets UNION ALL
          SELECT 'accounts/' || account_id || '/entitlements/' || entitlement_id, version
          FROM entitlements) AS r
        WHERE version IS DISTINCT FROM
          (SELECT max(version) FROM changes c WHERE c.resource = r.resource))");
  }

 private:
  static void Must(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

  // Runs `body` in a transaction at the model's time.
  absl::Status At(absl::FunctionRef<absl::Status(store::Transaction&)> body) {
    return Do(*store_, [&](store::Transaction& tx) {
      store::Transaction then(tx.session(), model_.now());
      return body(then);
    });
  }

  void ExpectNone(const std::string& what, const std::string& sql) {
    EXPECT_EQ(database_.Sql(
                  absl::StrCat("SELECT string_agg(x::text, ' ') FROM (", sql, ") AS found (x)")),
              "")
        << what;
  }

  void RunGroup() {
    const bool grants = waiting_.front().kind == GrantStep::Kind::kGrant;
    std::vector<std::string> found;
    std::vector<std::string> new_ids;
    Must(At([&](store::Transaction& tx) -> absl::Status {
      auto verdicts = grants ? GrantEntitlements(tx, Grants()) : RevokeEntitlements(tx, Revokes());
      if (!verdicts.ok()) return verdicts.status();
      found.clear();
      new_ids.clear();
      for (const GrantVerdict& verdict : *verdicts) {
        if (!verdict) {
          found.push_back("busy");
        } else if (!verdict->ok()) {
          found.push_back(TextOf(verdict->status()));
        } else {
          found.push_back(grants ? "granted" : "revoked");
          if (grants) new_ids.push_back((*verdict)->id);
        }
      }
      return absl::OkStatus();
    }));
    EXPECT_EQ(absl::StrJoin(found, " "), absl::StrJoin(expected_, " "));
    ids_.insert(ids_.end(), new_ids.begin(), new_ids.end());
    waiting_.clear();
    expected_.clear();
  }

  std::vector<GrantRequest> Grants() const {
    std::vector<GrantRequest> requests;
    for (const GrantStep& step : waiting_) {
      requests.push_back(
          {.account_id = step.account < 0 ? "none" : model_.accounts()[step.account].id,
           .benefit_id = step.benefit < 0 ? "none" : model_.benefits()[step.benefit].id});
      if (step.start) requests.back().start_time = model_.now() + *step.start;
    }
    return requests;
  }

  std::vector<RevokeRequest> Revokes() const {
    std::vector<RevokeRequest> requests;
    for (const GrantStep& step : waiting_) {
      requests.push_back({.name = {"none", "none"}, .etag = step.etag});
      if (step.grant < 0) continue;
      const int account = model_.grants()[step.grant].account;
      requests.back().name = {model_.accounts()[account].id, ids_[step.grant]};
    }
    return requests;
  }

  std::string RunAlone(const GrantStep& step) {
    using Kind = GrantStep::Kind;
    absl::Status status;
    if (step.kind == Kind::kAdjust) {
      const Budget& budget = model_.budgets()[step.budget];
      status = At([&](store::Transaction& tx) {
        return AdjustBudget(
                   tx, budget.id, "",
                   {.limit_change = Money{step.amount, "EUR"}, .seat_limit_change = step.seats})
            .status();
      });
    } else if (step.kind == Kind::kRetire) {
      status = At([&](store::Transaction& tx) {
        return RetireBenefit(tx, model_.benefits()[step.benefit].id, "").status();
      });
    } else if (step.kind == Kind::kDelete) {
      database_.Sql(absl::StrCat(
          "UPDATE accounts SET delete_time = CASE WHEN delete_time IS NULL THEN now() END "
          "WHERE account_id = '",
          model_.accounts()[step.account].id, "'"));
    } else if (step.kind == Kind::kNewTier) {
      database_.Sql(absl::StrCat("UPDATE assessments SET tier = ", NumberOf(step.tier),
                                 " WHERE account_id = '", model_.accounts()[step.account].id, "'"));
    }
    return status.ok() ? "done" : TextOf(status);
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  GrantModel model_;
  std::vector<GrantStep> waiting_;
  std::vector<std::string> expected_;  // of those that wait
  std::vector<std::string> ids_;       // of the model's grants
};

TEST(GrantModelStoreTest, ThousandsOfStepsAgreeWithTheModel) {
  const uint64_t seed = testing::PrintedSeed();
  for (int i = 0; i < kWorlds && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("world ", seed + i));
    World world(seed + i);
    for (int step = 0; step < kStepsInAWorld && !::testing::Test::HasFailure(); ++step) {
      world.Step();
    }
    world.Finish();
  }
}

}  // namespace
}  // namespace kam::domain
