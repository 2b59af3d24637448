#include "store/benefits/entitlements.h"

#include "base/status_macros.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {

template <>
struct Columns<Entitlement> {
  static constexpr absl::string_view kTable = "entitlements";
  static constexpr auto kList = std::tuple(
      Key("account_id", &Entitlement::account_id), Key("entitlement_id", &Entitlement::id),
      Column("benefit_id", &Entitlement::benefit_id),
      Column("stacking_group", &Entitlement::stacking_group), Column("state", &Entitlement::state),
      Column("start_time", &Entitlement::start_time), Column("end_time", &Entitlement::end_time),
      Column("budget_id", &Entitlement::budget_id),
      Column("reserved_cost", &Entitlement::reserved_cost),
      Column("currency", &Entitlement::currency), Column("seats", &Entitlement::seats),
      Column("plan_id", &Entitlement::plan_id),
      Column("evaluation_id", &Entitlement::evaluation_id),
      Column("principal", &Entitlement::principal), Column("reason", &Entitlement::reason),
      Column("version", &Entitlement::version), Column("create_time", &Entitlement::create_time),
      Column("revoke_time", &Entitlement::revoke_time),
      Column("revoke_reason", &Entitlement::revoke_reason));
  static Change ChangeOf(const Entitlement& entitlement) {
    return {.resource = EntitlementName{entitlement.account_id, entitlement.id}.ToString(),
            .account_id = entitlement.account_id,
            .version = entitlement.version};
  }
};

template <>
struct Columns<Taking> {
  static constexpr absl::string_view kTable = "entitlements";
  static constexpr auto kList =
      std::tuple(Column("budget_id", &Taking::budget_id), Column("account_id", &Taking::account_id),
                 Column("CAST(sum(reserved_cost) AS bigint)", &Taking::amount));
};

namespace {

const std::string& Select() {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Entitlement>("e"), " FROM entitlements e ");
  return sql;
}

// The condition that a column's time is past a moment, or not after it.
std::string Than(absl::string_view column, absl::string_view comparison, absl::string_view param) {
  return absl::StrCat(column, comparison,
                      Codec<absl::Time>::Write(absl::StrCat("CAST(", param, " AS bigint)")));
}

// The two arrays of pairs.
template <typename Pair>
std::vector<Param> ArraysOfPairs(absl::Span<const Pair> pairs, std::string Pair::*first,
                                 std::string Pair::*second) {
  std::vector<std::string> firsts, seconds;
  for (const Pair& pair : pairs) {
    firsts.push_back(pair.*first);
    seconds.push_back(pair.*second);
  }
  return {firsts, seconds};
}

std::vector<Param> KeysOf(absl::Span<const EntitlementName> names) {
  return ArraysOfPairs(names, &EntitlementName::account, &EntitlementName::entitlement);
}

const std::string& SelectByNames() {
  static const std::string sql = absl::StrCat(
      Select(),
      "JOIN unnest(CAST(:accounts AS text[]), CAST(:ids AS text[])) AS n (account_id, id) "
      "ON e.account_id = n.account_id AND e.entitlement_id = n.id");
  return sql;
}

}  // namespace

absl::Status InsertEntitlements(Transaction& tx, absl::Span<const Entitlement> entitlements) {
  if (entitlements.empty()) return absl::OkStatus();
  return Insert(tx, entitlements, ChangeKind::kEntitlementGranted);
}

absl::Status RevokeEntitlements(Transaction& tx, absl::Span<const Entitlement> entitlements) {
  if (entitlements.empty()) return absl::OkStatus();
  return Update(tx, entitlements, ChangeKind::kEntitlementRevoked);
}

absl::StatusOr<std::vector<Entitlement>> FindEntitlements(Snapshot& snapshot,
                                                          absl::Span<const EntitlementName> names) {
  return QueryRows<Entitlement>(snapshot.session(), SelectByNames(), KeysOf(names));
}

absl::StatusOr<std::vector<Entitlement>> FindEntitlementsForUpdate(
    Transaction& tx, absl::Span<const EntitlementName> names, Locked locked) {
  static const std::string wait =
      absl::StrCat(SelectByNames(), " ORDER BY e.account_id, e.entitlement_id FOR UPDATE OF e");
  static const std::string skip = absl::StrCat(wait, " SKIP LOCKED");
  return QueryRows<Entitlement>(tx.session(), locked == Locked::kWait ? wait : skip, KeysOf(names));
}

absl::StatusOr<std::vector<Entitlement>> FindByUsage(Snapshot& snapshot,
                                                     absl::Span<const Usage> usages) {
  static const std::string sql = absl::StrCat(
      Select(),
      "JOIN unnest(CAST(:accounts AS text[]), CAST(:benefits AS text[])) AS u (account, benefit) "
      "ON e.account_id = u.account AND e.benefit_id = u.benefit ORDER BY e.entitlement_id DESC");
  return QueryRows<Entitlement>(snapshot.session(), sql,
                                ArraysOfPairs(usages, &Usage::account_id, &Usage::benefit_id));
}

absl::StatusOr<std::vector<Entitlement>> FindLive(Snapshot& snapshot,
                                                  absl::Span<const std::string> account_ids,
                                                  absl::Time now) {
  static const std::string sql = absl::StrCat(
      Select(), "WHERE e.account_id = ANY(CAST(:accounts AS text[])) AND e.state = 1 ", "AND ",
      Than("e.end_time", " > ", ":now"), " ORDER BY e.account_id, e.entitlement_id");
  return QueryRows<Entitlement>(snapshot.session(), sql, {account_ids, now});
}

absl::StatusOr<std::vector<Entitlement>> FindAllLive(Snapshot& snapshot, absl::Time now) {
  static const std::string sql =
      absl::StrCat(Select(), "WHERE e.state = 1 AND ", Than("e.end_time", " > ", ":now"),
                   " ORDER BY e.account_id, e.entitlement_id");
  return QueryRows<Entitlement>(snapshot.session(), sql, {now});
}

absl::StatusOr<std::vector<Taking>> FindTakings(Snapshot& snapshot,
                                                absl::Span<const std::string> budget_ids,
                                                absl::Span<const std::string> account_ids) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Taking>(),
                   " FROM entitlements WHERE budget_id = ANY(CAST(:budgets AS text[])) "
                   "AND account_id = ANY(CAST(:accounts AS text[])) AND state = 1 "
                   "GROUP BY budget_id, account_id");
  return QueryRows<Taking>(snapshot.session(), sql, {budget_ids, account_ids});
}

absl::StatusOr<std::vector<Taking>> FindAllTakings(Snapshot& snapshot,
                                                   absl::Span<const std::string> budget_ids) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Taking>(),
                   " FROM entitlements WHERE budget_id = ANY(CAST(:budgets AS text[])) "
                   "AND state = 1 GROUP BY budget_id, account_id");
  return QueryRows<Taking>(snapshot.session(), sql, {budget_ids});
}

absl::StatusOr<Page<Entitlement>> ListEntitlements(Snapshot& snapshot, absl::string_view account_id,
                                                   std::optional<absl::Time> live_at,
                                                   const PageRequest& page) {
  std::string sql = absl::StrCat(Select(), "WHERE true");
  std::vector<Param> params;
  Keyset keyset = {.columns = {"entitlement_id", "account_id"}, .descending = true, .alias = "e"};
  if (!account_id.empty()) {
    absl::StrAppend(&sql, " AND e.account_id = :account");
    params.emplace_back(account_id);
    keyset.columns = {"entitlement_id"};
  }
  if (live_at) {
    absl::StrAppend(&sql, " AND e.state = 1 AND ", Than("e.start_time", " <= ", ":live_from"),
                    " AND ", Than("e.end_time", " > ", ":live_until"));
    params.emplace_back(*live_at);
    params.emplace_back(*live_at);
  }
  return QueryPage<Entitlement>(snapshot.session(), sql, std::move(params), keyset, page);
}

}  // namespace kam::store
