// The budgets of PostgresBenefitTable, and their ledger.

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/benefits/errors.h"
#include "model/error.h"
#include "model/names.h"
#include "store/benefits/postgres_benefit_table.h"
#include "store/engine/page_of.h"

// The columns that ReadBudget takes.
#define BUDGET_COLUMNS                                                          \
  "budget_id, display_name, currency, money_limit, account_limit, seat_limit, " \
  "(extract(epoch FROM start_time) * 1000000)::bigint, "                        \
  "(extract(epoch FROM end_time) * 1000000)::bigint, "                          \
  "reserved, spent, seats_reserved, entries, version, "                         \
  "(extract(epoch FROM create_time) * 1000000)::bigint, "                       \
  "(extract(epoch FROM update_time) * 1000000)::bigint "

namespace kam::store {
namespace {

Budget ReadBudget(const Rows& rows, int row) {
  Budget budget;
  budget.id = rows.Text(row, 0);
  budget.display_name = rows.Text(row, 1);
  budget.currency = rows.Text(row, 2);
  budget.limit = rows.Int(row, 3);
  budget.account_limit = rows.OptionalInt(row, 4);
  budget.seat_limit = rows.OptionalInt(row, 5);
  budget.start_time = rows.Time(row, 6);
  budget.end_time = rows.Time(row, 7);
  budget.reserved = rows.Int(row, 8);
  budget.spent = rows.Int(row, 9);
  budget.seats_reserved = rows.Int(row, 10);
  budget.entries = rows.Int(row, 11);
  budget.version = rows.Int(row, 12);
  budget.create_time = rows.Time(row, 13);
  budget.update_time = rows.Time(row, 14);
  return budget;
}

absl::StatusOr<Budget> One(const Rows& rows, absl::string_view id) {
  if (rows.empty()) return NotFound(BudgetName(id));
  return ReadBudget(rows, 0);
}

// What ledger lines together do to a budget.
struct Movement {
  int64_t limit = 0;
  int64_t seat_limit = 0;
  int64_t reserved = 0;
  int64_t spent = 0;
  int64_t seats = 0;
  int64_t money_wanted = 0;  // of what is available
  int64_t seats_wanted = 0;
};

absl::Status AddTo(int64_t& sum, int64_t amount) {
  KAM_ASSIGN_OR_RETURN(sum, CheckedAdd(sum, amount));
  return absl::OkStatus();
}

absl::StatusOr<Movement> Sum(absl::Span<const BudgetEntry> entries) {
  Movement sum;
  for (const BudgetEntry& entry : entries) {
    switch (entry.kind) {
      case BudgetEntryKind::kReserve:
        KAM_RETURN_IF_ERROR(AddTo(sum.reserved, entry.amount));
        KAM_RETURN_IF_ERROR(AddTo(sum.seats, entry.seats));
        break;
      case BudgetEntryKind::kRelease:
        KAM_RETURN_IF_ERROR(AddTo(sum.reserved, -entry.amount));
        KAM_RETURN_IF_ERROR(AddTo(sum.seats, -entry.seats));
        break;
      case BudgetEntryKind::kSpend:
        KAM_RETURN_IF_ERROR(AddTo(sum.reserved, -entry.amount));
        KAM_RETURN_IF_ERROR(AddTo(sum.spent, entry.amount));
        break;
      case BudgetEntryKind::kAdjust:
        KAM_RETURN_IF_ERROR(AddTo(sum.limit, entry.amount));
        KAM_RETURN_IF_ERROR(AddTo(sum.seat_limit, entry.seats));
        break;
    }
  }
  KAM_ASSIGN_OR_RETURN(sum.money_wanted, CheckedAdd(sum.reserved, sum.spent));
  KAM_ASSIGN_OR_RETURN(sum.money_wanted, CheckedSubtract(sum.money_wanted, sum.limit));
  KAM_ASSIGN_OR_RETURN(sum.seats_wanted, CheckedSubtract(sum.seats, sum.seat_limit));
  return sum;
}

// Moves the balance if the limits allow it; answers the number of the last line, or nothing.
absl::StatusOr<std::optional<int64_t>> Move(Session& session, absl::string_view budget_id,
                                            const Movement& sum, int64_t lines, absl::Time now) {
  constexpr char kSql[] = R"(
      UPDATE budgets
      SET money_limit = money_limit + CAST(:limit AS bigint),
          seat_limit = seat_limit + CAST(:seat_limit AS bigint),
          reserved = reserved + CAST(:reserved AS bigint),
          spent = spent + CAST(:spent AS bigint),
          seats_reserved = seats_reserved + CAST(:seats AS bigint),
          entries = entries + CAST(:lines AS bigint),
          version = version + 1,
          update_time = 'epoch'::timestamptz + CAST(:now AS bigint) * interval '1 microsecond'
      WHERE budget_id = :id
        AND money_limit - reserved - spent >= CAST(:money_wanted AS bigint)
        AND (seat_limit IS NULL
             OR seat_limit - seats_reserved >= CAST(:seats_wanted AS bigint))
      RETURNING entries)";
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session.Query(kSql, {sum.limit, sum.seat_limit, sum.reserved, sum.spent, sum.seats, lines,
                           now, budget_id, sum.money_wanted, sum.seats_wanted}));
  if (rows.empty()) return std::nullopt;
  return rows.Int(0, 0);
}

absl::Status InsertLines(Session& session, absl::string_view budget_id, int64_t lines_before,
                         absl::Span<const BudgetEntry> entries) {
  std::vector<int32_t> kinds;
  std::vector<int64_t> amounts, seats, times;
  std::vector<std::string> accounts, entitlements, reasons, principals;
  for (const BudgetEntry& entry : entries) {
    kinds.push_back(static_cast<int32_t>(entry.kind));
    amounts.push_back(entry.amount);
    seats.push_back(entry.seats);
    accounts.push_back(entry.account_id);
    entitlements.push_back(entry.entitlement_id);
    reasons.push_back(entry.reason);
    principals.push_back(entry.principal);
    times.push_back(absl::ToUnixMicros(entry.create_time));
  }
  constexpr char kSql[] = R"(
      INSERT INTO budget_entries (budget_id, number, kind, amount, seats, account_id,
                                  entitlement_id, reason, principal, create_time)
      SELECT CAST(:budget AS text), CAST(:before AS bigint) + ordinal, kind, amount, seats,
             account_id, entitlement_id, reason, principal,
             'epoch'::timestamptz + micros * interval '1 microsecond'
      FROM unnest(CAST(:kinds AS smallint[]), CAST(:amounts AS bigint[]),
                  CAST(:seats AS bigint[]), CAST(:accounts AS text[]),
                  CAST(:entitlements AS text[]), CAST(:reasons AS text[]),
                  CAST(:principals AS text[]), CAST(:times AS bigint[]))
        WITH ORDINALITY AS line (kind, amount, seats, account_id, entitlement_id, reason,
                                 principal, micros, ordinal))";
  return session
      .Execute(kSql, {budget_id, lines_before, kinds, amounts, seats, accounts, entitlements,
                      reasons, principals, times})
      .status();
}

}  // namespace

absl::Status PostgresBenefitTable::InsertBudget(const Budget& budget) {
  constexpr char kSql[] = R"(
      INSERT INTO budgets (budget_id, display_name, currency, money_limit, account_limit,
                           seat_limit, start_time, end_time, reserved, spent, seats_reserved,
                           entries, version, create_time, update_time)
      VALUES (:id, :display_name, :currency, :money_limit, :account_limit, :seat_limit,
              'epoch'::timestamptz + CAST(:start AS bigint) * interval '1 microsecond',
              'epoch'::timestamptz + CAST(:end AS bigint) * interval '1 microsecond',
              :reserved, :spent, :seats_reserved, :entries, :version,
              'epoch'::timestamptz + CAST(:created AS bigint) * interval '1 microsecond',
              'epoch'::timestamptz + CAST(:updated AS bigint) * interval '1 microsecond')
      ON CONFLICT (budget_id) DO NOTHING)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t inserted,
      session_.Execute(kSql,
                       {budget.id, budget.display_name, budget.currency, budget.limit,
                        budget.account_limit, budget.seat_limit, budget.start_time, budget.end_time,
                        budget.reserved, budget.spent, budget.seats_reserved, budget.entries,
                        budget.version, budget.create_time, budget.update_time}));
  if (inserted == 0) return AlreadyExists(BudgetName(budget.id));
  return absl::OkStatus();
}

absl::StatusOr<Budget> PostgresBenefitTable::GetBudget(absl::string_view id) {
  constexpr char kSql[] = "SELECT " BUDGET_COLUMNS "FROM budgets WHERE budget_id = :id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::StatusOr<Budget> PostgresBenefitTable::GetBudgetForUpdate(absl::string_view id) {
  constexpr char kSql[] = "SELECT " BUDGET_COLUMNS "FROM budgets WHERE budget_id = :id FOR UPDATE";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::StatusOr<Page<Budget>> PostgresBenefitTable::ListBudgets(const PageRequest& page) {
  constexpr char kSql[] = "SELECT " BUDGET_COLUMNS
                          "FROM budgets WHERE budget_id > :after ORDER BY budget_id LIMIT :size";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {page.after, page.size + 1}));
  std::vector<Budget> budgets;
  for (int row = 0; row < rows.size(); ++row) budgets.push_back(ReadBudget(rows, row));
  return PageOf(std::move(budgets), page, [](const Budget& budget) { return budget.id; });
}

absl::Status PostgresBenefitTable::ApplyEntries(absl::string_view budget_id,
                                                absl::Span<const BudgetEntry> entries) {
  if (entries.empty()) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const Movement sum, Sum(entries));
  const auto lines = static_cast<int64_t>(entries.size());
  const absl::Time now = entries.back().create_time;
  KAM_ASSIGN_OR_RETURN(std::optional<int64_t> last, Move(session_, budget_id, sum, lines, now));
  if (!last) {
    // Why not. Locked, so that what is said is still true.
    KAM_ASSIGN_OR_RETURN(const Budget budget, GetBudgetForUpdate(budget_id));
    const int64_t available = budget.limit - budget.reserved - budget.spent;
    if (sum.money_wanted > available) {
      return BudgetExceeded(budget_id, available, sum.money_wanted, budget.currency);
    }
    const int64_t seats = budget.seat_limit.value_or(0) - budget.seats_reserved;
    if (budget.seat_limit && sum.seats_wanted > seats) {
      return SeatsExceeded(budget_id, seats, sum.seats_wanted);
    }
    // Something was given back in between.
    KAM_ASSIGN_OR_RETURN(last, Move(session_, budget_id, sum, lines, now));
    if (!last) return Internal("a locked budget changed");
  }
  return InsertLines(session_, budget_id, *last - lines, entries);
}

absl::StatusOr<Page<BudgetEntry>> PostgresBenefitTable::ListEntries(absl::string_view budget_id,
                                                                    const PageRequest& page) {
  constexpr char kSql[] = R"(
      SELECT number, kind, amount, seats, account_id, entitlement_id, reason, principal,
             (extract(epoch FROM create_time) * 1000000)::bigint
      FROM budget_entries
      WHERE budget_id = :budget AND number < CAST(:before AS bigint)
      ORDER BY number DESC
      LIMIT :size)";
  int64_t before = INT64_MAX;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &before)) {
    return InvalidPageToken();
  }
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {budget_id, before, page.size + 1}));
  std::vector<BudgetEntry> entries;
  for (int row = 0; row < rows.size(); ++row) {
    entries.push_back({.budget_id = std::string(budget_id),
                       .number = rows.Int(row, 0),
                       .kind = static_cast<BudgetEntryKind>(rows.Int(row, 1)),
                       .amount = rows.Int(row, 2),
                       .seats = rows.Int(row, 3),
                       .account_id = rows.Text(row, 4),
                       .entitlement_id = rows.Text(row, 5),
                       .reason = rows.Text(row, 6),
                       .principal = rows.Text(row, 7),
                       .create_time = rows.Time(row, 8)});
  }
  return PageOf(std::move(entries), page,
                [](const BudgetEntry& entry) { return absl::StrCat(entry.number); });
}

absl::StatusOr<int64_t> PostgresBenefitTable::ReservedByAccount(absl::string_view budget_id,
                                                                absl::string_view account_id) {
  constexpr char kSql[] = R"(
      SELECT coalesce(sum(reserved_cost), 0)::bigint
      FROM entitlements
      WHERE account_id = :account AND budget_id = :budget AND state = 1)";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {account_id, budget_id}));
  return rows.Int(0, 0);
}

absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> PostgresBenefitTable::ReservedByAccounts(
    absl::string_view budget_id) {
  constexpr char kSql[] = R"(
      SELECT account_id, sum(reserved_cost)::bigint
      FROM entitlements
      WHERE budget_id = :budget AND state = 1
      GROUP BY account_id)";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {budget_id}));
  absl::flat_hash_map<std::string, int64_t> reserved;
  reserved.reserve(rows.size());
  for (int row = 0; row < rows.size(); ++row) reserved.emplace(rows.Text(row, 0), rows.Int(row, 1));
  return reserved;
}

}  // namespace kam::store
