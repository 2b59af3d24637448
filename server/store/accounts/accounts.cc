#include "store/accounts/accounts.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/accounts/errors.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "store/accounts/account_columns.h"
#include "store/changes/save.h"

namespace kam::store {

// An external id and the account it belongs to.
struct Claim {
  ExternalId external_id;
  std::string account_id;
};

// The keys in the order of the primary key, in which claims are made everywhere: two transactions
// that want the same ids do not deadlock.
template <>
struct Columns<Claim> {
  static constexpr absl::string_view kTable = "account_external_ids";
  static constexpr auto kList = std::tuple(Key("external_id", &Claim::external_id, &ExternalId::id),
                                           Key("system", &Claim::external_id, &ExternalId::system),
                                           Column("account_id", &Claim::account_id));
};

namespace {

absl::StatusOr<Account> One(absl::StatusOr<std::optional<Account>> found, absl::string_view id) {
  if (!found.ok()) return std::move(found).status();
  if (!*found) return NotFound(AccountName{std::string(id)}.ToString());
  return **std::move(found);
}

absl::Status MakeClaims(Transaction& tx, absl::Span<const Account> accounts) {
  std::vector<Claim> claims;
  std::vector<ExternalId> wanted;
  for (const Account& account : accounts) {
    for (const ExternalId& id : account.content.external_ids) {
      claims.push_back({id, account.id});
      wanted.push_back(id);
    }
  }
  KAM_ASSIGN_OR_RETURN(
      const int64_t claimed,
      InsertRows<Claim>(tx.session(), claims, "ON CONFLICT (external_id, system) DO NOTHING"));
  if (claimed == static_cast<int64_t>(claims.size())) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const auto taken, FindTakenExternalIds(tx, wanted));
  for (const auto& [external_id, holder] : taken) {
    for (const Claim& claim : claims) {
      if (claim.external_id == external_id && claim.account_id != holder) {
        return ExternalIdTaken(external_id, holder);
      }
    }
  }
  return Internal("an external id was claimed twice by one account");
}

std::vector<std::string> FirstColumn(const Rows& rows) {
  std::vector<std::string> values;
  for (int row = 0; row < rows.size(); ++row) values.push_back(rows.Text(row, 0));
  return values;
}

}  // namespace

absl::StatusOr<Account> GetAccount(Snapshot& tx, absl::string_view id) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Account>(), " FROM accounts WHERE account_id = :id");
  return One(QueryOptional<Account>(tx.session(), sql, {id}), id);
}

absl::StatusOr<std::vector<Account>> FindAccounts(Snapshot& tx, absl::Span<const std::string> ids) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Account>(),
                   " FROM accounts WHERE account_id = ANY (CAST(:ids AS text[]))");
  if (ids.empty()) return std::vector<Account>();
  return QueryRows<Account>(tx.session(), sql, {ids});
}

absl::StatusOr<std::vector<Account>> LockAccounts(Transaction& tx,
                                                  absl::Span<const std::string> ids,
                                                  Locked locked) {
  static const std::string wait =
      absl::StrCat("SELECT ", SelectList<Account>(),
                   " FROM accounts WHERE account_id = ANY (CAST(:ids AS text[]))"
                   " ORDER BY account_id FOR NO KEY UPDATE");
  static const std::string skip = absl::StrCat(wait, " SKIP LOCKED");
  if (ids.empty()) return std::vector<Account>();
  return QueryRows<Account>(tx.session(), locked == Locked::kWait ? wait : skip, {ids});
}

absl::StatusOr<Account> LockAccount(Transaction& tx, absl::string_view id) {
  static const std::string sql = absl::StrCat(
      "SELECT ", SelectList<Account>(), " FROM accounts WHERE account_id = :id FOR NO KEY UPDATE");
  return One(QueryOptional<Account>(tx.session(), sql, {id}), id);
}

absl::StatusOr<std::string> FindByExternalId(Snapshot& tx, const ExternalId& external_id) {
  constexpr char kSql[] = R"(
      SELECT account_id FROM account_external_ids
      WHERE external_id = :id AND system = :system)";
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       tx.session().Query(kSql, {external_id.id, external_id.system}));
  if (rows.empty()) return ExternalIdNotFound(external_id);
  return FirstColumn(rows).front();
}

absl::StatusOr<std::vector<std::pair<ExternalId, std::string>>> FindTakenExternalIds(
    Snapshot& tx, absl::Span<const ExternalId> external_ids) {
  static const std::string sql = absl::StrCat("SELECT ", SelectList<Claim>("c"), R"(
      FROM account_external_ids AS c
      JOIN (SELECT DISTINCT system, external_id
            FROM unnest(CAST(:systems AS text[]), CAST(:ids AS text[]))
              AS wanted (system, external_id)) AS wanted USING (system, external_id))");
  std::vector<std::pair<ExternalId, std::string>> taken;
  if (external_ids.empty()) return taken;
  std::vector<std::string> systems, ids;
  for (const ExternalId& external_id : external_ids) {
    systems.push_back(external_id.system);
    ids.push_back(external_id.id);
  }
  KAM_ASSIGN_OR_RETURN(std::vector<Claim> claims,
                       QueryRows<Claim>(tx.session(), sql, {systems, ids}));
  for (Claim& claim : claims) {
    taken.emplace_back(std::move(claim.external_id), std::move(claim.account_id));
  }
  return taken;
}

absl::StatusOr<std::vector<std::string>> ListAncestry(Snapshot& tx, absl::string_view id) {
  constexpr char kSql[] = R"(
      WITH RECURSIVE ancestry AS (
        SELECT account_id, parent_id, 0 AS distance FROM accounts WHERE account_id = :id
        UNION ALL
        SELECT parent.account_id, parent.parent_id, ancestry.distance + 1
        FROM ancestry JOIN accounts AS parent ON parent.account_id = ancestry.parent_id
      ) CYCLE account_id SET again USING path
      SELECT account_id FROM ancestry WHERE NOT again ORDER BY distance)";
  KAM_ASSIGN_OR_RETURN(const Rows rows, tx.session().Query(kSql, {id}));
  return FirstColumn(rows);
}

absl::Status InsertAccount(Transaction& tx, const Account& account) {
  KAM_ASSIGN_OR_RETURN(const bool inserted, InsertIfNew(tx, account, ChangeKind::kAccountCreated));
  if (!inserted) return AlreadyExists(AccountName{account.id}.ToString());
  return MakeClaims(tx, {&account, 1});
}

absl::StatusOr<std::vector<std::string>> InsertNewAccounts(Transaction& tx,
                                                           absl::Span<const Account> accounts) {
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> inserted,
                       InsertNew(tx, accounts, ChangeKind::kAccountCreated));
  KAM_RETURN_IF_ERROR(MakeClaims(tx, inserted));
  std::vector<std::string> ids;
  for (const Account& account : inserted) ids.push_back(account.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::Status UpdateAccount(Transaction& tx, const Account& account, ChangeKind kind) {
  KAM_RETURN_IF_ERROR(Update(tx, account, kind));
  constexpr char kRelease[] = "DELETE FROM account_external_ids WHERE account_id = :account_id";
  KAM_RETURN_IF_ERROR(tx.session().Execute(kRelease, {account.id}).status());
  return MakeClaims(tx, {&account, 1});
}

}  // namespace kam::store
