#include "store/benefits/grantees.h"

#include "base/status_macros.h"
#include "store/engine/columns.h"

namespace kam::store {

// `a` is the account, `n` its newest assessment or all NULL.
template <>
struct Columns<Grantee> {
  static constexpr absl::string_view kTable = "accounts";
  static constexpr auto kList = std::tuple(
      Joined("a.account_id", &Grantee::account_id), Joined("a.currency", &Grantee::currency),
      Joined("a.delete_time", &Grantee::delete_time),
      Joined("a.account_id", &Grantee::assessment, &StoredAssessment::account_id),
      Joined("coalesce(n.evaluation_id, '')", &Grantee::assessment,
             &StoredAssessment::evaluation_id),
      Joined("coalesce(n.score, 0)", &Grantee::assessment, &StoredAssessment::score),
      Joined("coalesce(n.tier, 0)", &Grantee::assessment, &StoredAssessment::tier),
      Joined("coalesce(n.expected_revenue_12m, 0)", &Grantee::assessment,
             &StoredAssessment::expected_revenue_12m),
      Joined("coalesce(n.expected_orders_12m, 0)", &Grantee::assessment,
             &StoredAssessment::expected_orders_12m),
      Joined("coalesce(n.pareto_class, 3)", &Grantee::assessment, &StoredAssessment::pareto_class),
      Joined("coalesce(n.criteria_met, '{}')", &Grantee::assessment,
             &StoredAssessment::criteria_met));
};

absl::StatusOr<std::vector<Grantee>> LockGrantees(Transaction& tx,
                                                  absl::Span<const std::string> account_ids,
                                                  Locked locked) {
  static const std::string wait = absl::StrCat("SELECT ", SelectList<Grantee>(), R"(
      FROM accounts a
      LEFT JOIN LATERAL (
        SELECT s.* FROM assessments s JOIN evaluations e USING (evaluation_id)
        WHERE s.account_id = a.account_id AND e.state = 2
        ORDER BY e.end_number DESC
        LIMIT 1) AS n ON true
      WHERE a.account_id = ANY(CAST(:accounts AS text[]))
      ORDER BY a.account_id
      FOR UPDATE OF a)");
  static const std::string skip = absl::StrCat(wait, " SKIP LOCKED");
  return QueryRows<Grantee>(tx.session(), locked == Locked::kWait ? wait : skip, {account_ids});
}

absl::StatusOr<std::vector<std::string>> ExistingAccounts(
    Snapshot& snapshot, absl::Span<const std::string> account_ids) {
  return QueryValue<std::vector<std::string>>(
      snapshot.session(),
      "SELECT coalesce(array_agg(account_id), '{}') FROM accounts "
      "WHERE account_id = ANY(CAST(:accounts AS text[]))",
      {account_ids});
}

}  // namespace kam::store
