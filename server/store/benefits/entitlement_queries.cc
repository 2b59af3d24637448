// The entitlements of PostgresBenefitTable.

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/benefits/postgres_benefit_table.h"
#include "store/engine/page_of.h"

// The columns that ReadEntitlements takes.
#define ENTITLEMENT_COLUMNS                                                                \
  "account_id, entitlement_id, benefit_id, stacking_group, state, "                        \
  "(extract(epoch FROM start_time) * 1000000)::bigint, "                                   \
  "(extract(epoch FROM end_time) * 1000000)::bigint, "                                     \
  "budget_id, reserved_cost, currency, seats, plan_id, evaluation_id, principal, reason, " \
  "version, (extract(epoch FROM create_time) * 1000000)::bigint, "                         \
  "(extract(epoch FROM revoke_time) * 1000000)::bigint, revoke_reason "

// Valid at a moment, given twice.
#define LIVE_AT                                                                          \
  "state = 1 AND start_time <= 'epoch'::timestamptz "                                    \
  "                            + CAST(:live_from AS bigint) * interval '1 microsecond' " \
  "AND end_time > 'epoch'::timestamptz "                                                 \
  "               + CAST(:live_until AS bigint) * interval '1 microsecond' "

namespace kam::store {
namespace {

// Greater than every id of `[0-9a-z]`: the key before the first page.
constexpr absl::string_view kAfterAllIds = "~";

std::vector<Entitlement> ReadEntitlements(const Rows& rows) {
  std::vector<Entitlement> entitlements;
  entitlements.reserve(rows.size());
  for (int row = 0; row < rows.size(); ++row) {
    Entitlement entitlement = {.id = rows.Text(row, 1),
                               .account_id = rows.Text(row, 0),
                               .benefit_id = rows.Text(row, 2),
                               .stacking_group = rows.Text(row, 3),
                               .state = static_cast<EntitlementState>(rows.Int(row, 4)),
                               .start_time = rows.Time(row, 5),
                               .end_time = rows.Time(row, 6),
                               .budget_id = rows.Text(row, 7),
                               .reserved_cost = rows.Int(row, 8),
                               .currency = rows.Text(row, 9),
                               .seats = rows.Int(row, 10),
                               .plan_id = rows.Text(row, 11),
                               .evaluation_id = rows.Text(row, 12),
                               .principal = rows.Text(row, 13),
                               .reason = rows.Text(row, 14),
                               .version = rows.Int(row, 15),
                               .create_time = rows.Time(row, 16),
                               .revoke_time = rows.OptionalTime(row, 17),
                               .revoke_reason = rows.Text(row, 18)};
    entitlements.push_back(std::move(entitlement));
  }
  return entitlements;
}

absl::StatusOr<Entitlement> One(const Rows& rows, absl::string_view account_id,
                                absl::string_view id) {
  if (rows.empty()) return NotFound(EntitlementName(account_id, id));
  return std::move(ReadEntitlements(rows).front());
}

std::vector<std::optional<int64_t>> Micros(const std::vector<std::optional<absl::Time>>& times) {
  std::vector<std::optional<int64_t>> micros;
  for (const std::optional<absl::Time>& time : times) {
    micros.push_back(time ? std::optional<int64_t>(absl::ToUnixMicros(*time)) : std::nullopt);
  }
  return micros;
}

}  // namespace

absl::Status PostgresBenefitTable::InsertEntitlements(absl::Span<const Entitlement> entitlements) {
  if (entitlements.empty()) return absl::OkStatus();
  std::vector<std::string> accounts, ids, benefits, groups, budgets, currencies, plans, evaluations,
      principals, reasons, revoke_reasons;
  std::vector<int32_t> states;
  std::vector<int64_t> starts, ends, costs, seats, versions, created;
  std::vector<std::optional<absl::Time>> revoked;
  for (const Entitlement& entitlement : entitlements) {
    accounts.push_back(entitlement.account_id);
    ids.push_back(entitlement.id);
    benefits.push_back(entitlement.benefit_id);
    groups.push_back(entitlement.stacking_group);
    states.push_back(static_cast<int32_t>(entitlement.state));
    starts.push_back(absl::ToUnixMicros(entitlement.start_time));
    ends.push_back(absl::ToUnixMicros(entitlement.end_time));
    budgets.push_back(entitlement.budget_id);
    costs.push_back(entitlement.reserved_cost);
    currencies.push_back(entitlement.currency);
    seats.push_back(entitlement.seats);
    plans.push_back(entitlement.plan_id);
    evaluations.push_back(entitlement.evaluation_id);
    principals.push_back(entitlement.principal);
    reasons.push_back(entitlement.reason);
    versions.push_back(entitlement.version);
    created.push_back(absl::ToUnixMicros(entitlement.create_time));
    revoked.push_back(entitlement.revoke_time);
    revoke_reasons.push_back(entitlement.revoke_reason);
  }
  constexpr char kSql[] = R"(
      INSERT INTO entitlements (account_id, entitlement_id, benefit_id, stacking_group, state,
                                start_time, end_time, budget_id, reserved_cost, currency, seats,
                                plan_id, evaluation_id, principal, reason, version, create_time,
                                revoke_time, revoke_reason)
      SELECT account_id, entitlement_id, benefit_id, stacking_group, state,
             'epoch'::timestamptz + start_us * interval '1 microsecond',
             'epoch'::timestamptz + end_us * interval '1 microsecond',
             budget_id, reserved_cost, currency, seats, plan_id, evaluation_id, principal, reason,
             version, 'epoch'::timestamptz + create_us * interval '1 microsecond',
             'epoch'::timestamptz + revoke_us * interval '1 microsecond', revoke_reason
      FROM unnest(CAST(:accounts AS text[]), CAST(:ids AS text[]), CAST(:benefits AS text[]),
                  CAST(:groups AS text[]), CAST(:states AS smallint[]),
                  CAST(:starts AS bigint[]), CAST(:ends AS bigint[]), CAST(:budgets AS text[]),
                  CAST(:costs AS bigint[]), CAST(:currencies AS text[]),
                  CAST(:seats AS bigint[]), CAST(:plans AS text[]),
                  CAST(:evaluations AS text[]), CAST(:principals AS text[]),
                  CAST(:reasons AS text[]), CAST(:versions AS bigint[]),
                  CAST(:created AS bigint[]), CAST(:revoked AS bigint[]),
                  CAST(:revoke_reasons AS text[]))
        AS entitlement (account_id, entitlement_id, benefit_id, stacking_group, state, start_us,
                        end_us, budget_id, reserved_cost, currency, seats, plan_id,
                        evaluation_id, principal, reason, version, create_us, revoke_us,
                        revoke_reason))";
  return session_
      .Execute(kSql, {accounts, ids, benefits, groups, states, starts, ends, budgets, costs,
                      currencies, seats, plans, evaluations, principals, reasons, versions, created,
                      Micros(revoked), revoke_reasons})
      .status();
}

absl::StatusOr<Entitlement> PostgresBenefitTable::GetEntitlement(absl::string_view account_id,
                                                                 absl::string_view id) {
  constexpr char kSql[] = "SELECT " ENTITLEMENT_COLUMNS
                          "FROM entitlements "
                          "WHERE account_id = :account AND entitlement_id = :id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {account_id, id}));
  return One(rows, account_id, id);
}

absl::StatusOr<Entitlement> PostgresBenefitTable::GetEntitlementForUpdate(
    absl::string_view account_id, absl::string_view id) {
  constexpr char kSql[] = "SELECT " ENTITLEMENT_COLUMNS
                          "FROM entitlements "
                          "WHERE account_id = :account AND entitlement_id = :id FOR UPDATE";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {account_id, id}));
  return One(rows, account_id, id);
}

absl::Status PostgresBenefitTable::UpdateEntitlement(const Entitlement& entitlement) {
  constexpr char kSql[] = R"(
      UPDATE entitlements
      SET state = :state, version = :version,
          revoke_time = 'epoch'::timestamptz
                        + CAST(:revoked AS bigint) * interval '1 microsecond',
          revoke_reason = :revoke_reason
      WHERE account_id = :account AND entitlement_id = :id)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t updated,
      session_.Execute(kSql, {static_cast<int32_t>(entitlement.state), entitlement.version,
                              entitlement.revoke_time, entitlement.revoke_reason,
                              entitlement.account_id, entitlement.id}));
  if (updated == 0) {
    return NotFound(EntitlementName(entitlement.account_id, entitlement.id));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Entitlement>> PostgresBenefitTable::FindByBenefit(
    absl::string_view account_id, absl::string_view benefit_id) {
  constexpr char kSql[] = "SELECT " ENTITLEMENT_COLUMNS
                          "FROM entitlements "
                          "WHERE account_id = :account AND benefit_id = :benefit "
                          "ORDER BY entitlement_id DESC";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {account_id, benefit_id}));
  return ReadEntitlements(rows);
}

absl::StatusOr<std::vector<Entitlement>> PostgresBenefitTable::FindLive(
    absl::Span<const std::string> account_ids, absl::Time now) {
  if (account_ids.empty()) {
    constexpr char kSql[] = "SELECT " ENTITLEMENT_COLUMNS
                            "FROM entitlements WHERE state = 1 AND end_time > 'epoch'::timestamptz "
                            "  + CAST(:now AS bigint) * interval '1 microsecond' "
                            "ORDER BY account_id, entitlement_id";
    KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {now}));
    return ReadEntitlements(rows);
  }
  constexpr char kSql[] = "SELECT " ENTITLEMENT_COLUMNS
                          "FROM entitlements "
                          "WHERE account_id = ANY(CAST(:accounts AS text[])) AND state = 1 "
                          "  AND end_time > 'epoch'::timestamptz "
                          "  + CAST(:now AS bigint) * interval '1 microsecond' "
                          "ORDER BY account_id, entitlement_id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {account_ids, now}));
  return ReadEntitlements(rows);
}

absl::StatusOr<Page<Entitlement>> PostgresBenefitTable::ListEntitlements(
    absl::string_view account_id, std::optional<absl::Time> live_at, const PageRequest& page) {
  constexpr char kAll[] = "SELECT " ENTITLEMENT_COLUMNS
                          "FROM entitlements "
                          "WHERE (entitlement_id, account_id) < (:before_id, :before_account) "
                          "ORDER BY entitlement_id DESC, account_id DESC LIMIT :size";
  constexpr char kAllLive[] =
      "SELECT " ENTITLEMENT_COLUMNS
      "FROM entitlements "
      "WHERE (entitlement_id, account_id) < (:before_id, :before_account) "
      "AND " LIVE_AT "ORDER BY entitlement_id DESC, account_id DESC LIMIT :size";
  constexpr char kOfAccount[] = "SELECT " ENTITLEMENT_COLUMNS
                                "FROM entitlements "
                                "WHERE account_id = :account AND entitlement_id < :before_id "
                                "ORDER BY entitlement_id DESC LIMIT :size";
  constexpr char kOfAccountLive[] = "SELECT " ENTITLEMENT_COLUMNS
                                    "FROM entitlements "
                                    "WHERE account_id = :account AND entitlement_id < :before_id "
                                    "AND " LIVE_AT "ORDER BY entitlement_id DESC LIMIT :size";
  // The key is `{entitlement id}/{account id}`.
  std::pair<std::string, std::string> before = {std::string(kAfterAllIds), ""};
  if (!page.after.empty()) before = absl::StrSplit(page.after, absl::MaxSplits('/', 1));

  std::vector<Param> params;
  if (account_id.empty()) {
    params = {before.first, before.second};
  } else {
    params = {account_id, before.first};
  }
  if (live_at) params.insert(params.end(), {*live_at, *live_at});
  params.push_back(page.size + 1);
  const char* sql =
      account_id.empty() ? (live_at ? kAllLive : kAll) : (live_at ? kOfAccountLive : kOfAccount);
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(sql, params));
  return PageOf(ReadEntitlements(rows), page, [](const Entitlement& entitlement) {
    return absl::StrCat(entitlement.id, "/", entitlement.account_id);
  });
}

}  // namespace kam::store
