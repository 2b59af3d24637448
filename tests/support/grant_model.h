#pragma once

// A simple model of grants, independent of the rules it is held against: it keeps one list of what
// was granted and counts it anew for every question. With a small world in which every limit binds
// somewhere, and random steps through it.

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/criteria/evaluation.h"

namespace kam::testing {

struct ModelAccount {
  std::string id;
  std::string currency = "EUR";
  bool deleted = false;
  StoredAssessment assessment;
};

struct ModelGrant {
  int account = 0;
  int benefit = 0;
  absl::Time start_time;
  absl::Time end_time;
  int64_t cost = 0;
  bool revoked = false;
};

// One thing that happens. Indexes are those of the model's lists; -1 is one that does not exist.
struct GrantStep {
  enum class Kind {
    kGrant,
    kRevoke,
    kTimePasses,  // by `pause`, which may be negative: a clock that is set back
    kAdjust,      // of `budget` by `amount` and `seats`
    kRetire,      // `benefit`
    kDelete,      // `account`, or back
    kNewTier,     // of `account`: `tier`
  };
  Kind kind = Kind::kGrant;
  int account = -1;
  int benefit = -1;
  int budget = -1;
  int grant = -1;
  std::optional<absl::Duration> start;  // from now; nothing: at once
  std::string etag;
  absl::Duration pause;
  int64_t amount = 0;
  int64_t seats = 0;
  Tier tier = Tier::kKey;
};

class GrantModel {
 public:
  explicit GrantModel(uint64_t seed);

  // The next step; nothing has happened yet.
  GrantStep Draw();
  // What comes of it: `granted`, `revoked`, `done`, or the number of the reason of a refusal.
  std::string Apply(const GrantStep& step);

  absl::Time now() const { return now_; }
  const std::vector<ModelAccount>& accounts() const { return accounts_; }
  const std::vector<Benefit>& benefits() const { return benefits_; }
  // As they were at the beginning; balances are counted.
  const std::vector<Budget>& budgets() const { return budgets_; }
  const std::vector<ModelGrant>& grants() const { return grants_; }

  // `limit seat_limit reserved seats` of a budget, counted from the grants.
  std::string BalanceOf(int budget) const;
  // Lines that its ledger has.
  int64_t LinesOf(int budget) const { return lines_[budget]; }

 private:
  std::string Grant(const GrantStep& step);
  std::string Revoke(const GrantStep& step);
  std::string Adjust(const GrantStep& step);
  int BudgetOf(int benefit) const;
  int64_t Reserved(int budget, int account) const;  // of all accounts: -1
  int64_t Seats(int budget) const;
  int64_t Int(int64_t from, int64_t to);
  bool OneIn(int64_t n) { return Int(1, n) == 1; }

  std::mt19937_64 random_;
  absl::Time now_;
  std::vector<ModelAccount> accounts_;
  std::vector<Benefit> benefits_;
  std::vector<Budget> budgets_;
  std::vector<int64_t> limits_;
  std::vector<std::optional<int64_t>> seat_limits_;
  std::vector<int64_t> lines_;
  std::vector<ModelGrant> grants_;
};

// A seed that is printed; KAM_TEST_SEED repeats it.
uint64_t PrintedSeed();

}  // namespace kam::testing
