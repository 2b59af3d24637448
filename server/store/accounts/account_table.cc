#include <algorithm>
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "model/accounts/errors.h"
#include "model/error.h"
#include "model/names.h"
#include "store/accounts/account_list.h"
#include "store/accounts/account_rows.h"
#include "store/accounts/account_table.h"
#include "store/tables.h"

namespace kam::store {
namespace {

class PostgresAccountTable final : public AccountTable {
 public:
  explicit PostgresAccountTable(Session& session) : session_(session) {}

  absl::Status Insert(const Account& account) override;
  absl::StatusOr<std::vector<std::string>> InsertNew(absl::Span<const Account> accounts) override;
  absl::StatusOr<std::vector<Account>> Find(absl::Span<const std::string> ids) override;
  absl::StatusOr<Account> Get(absl::string_view id) override;
  absl::StatusOr<Account> GetForUpdate(absl::string_view id) override;
  absl::StatusOr<std::vector<Account>> FindForUpdate(absl::Span<const std::string> ids) override;
  absl::Status Update(const Account& account) override;
  absl::StatusOr<std::string> FindByExternalId(const ExternalId& external_id) override;
  absl::StatusOr<std::vector<std::pair<ExternalId, std::string>>> FindTaken(
      absl::Span<const ExternalId> external_ids) override;
  absl::StatusOr<std::vector<std::string>> Ancestry(absl::string_view id) override;
  absl::StatusOr<Page<Account>> List(const AccountQuery& query, const PageRequest& page) override {
    return ListAccounts(session_, query, page);
  }

 private:
  // External ids with the account each is to belong to.
  using Claims = std::vector<std::pair<ExternalId, std::string>>;

  absl::Status Claim(Claims claims);

  Session& session_;
};

absl::StatusOr<Account> One(const Rows& rows, absl::string_view id) {
  if (rows.empty()) return NotFound(AccountName(id));
  return ReadAccount(rows, 0);
}

// In one order everywhere, so that two transactions that want the same ids do not deadlock.
absl::Status PostgresAccountTable::Claim(Claims claims) {
  if (claims.empty()) return absl::OkStatus();
  std::sort(claims.begin(), claims.end());
  std::vector<std::string> systems, ids, account_ids;
  std::vector<ExternalId> wanted;
  for (const auto& [external_id, account_id] : claims) {
    systems.push_back(external_id.system);
    ids.push_back(external_id.id);
    account_ids.push_back(account_id);
    wanted.push_back(external_id);
  }
  constexpr char kSql[] = R"(
      INSERT INTO account_external_ids (system, external_id, account_id)
      SELECT system, external_id, account_id
      FROM unnest(CAST(:systems AS text[]), CAST(:ids AS text[]), CAST(:account_ids AS text[]))
        AS claim (system, external_id, account_id)
      ON CONFLICT (external_id, system) DO NOTHING)";
  KAM_ASSIGN_OR_RETURN(const int64_t claimed, session_.Execute(kSql, {systems, ids, account_ids}));
  if (claimed == static_cast<int64_t>(claims.size())) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const auto taken, FindTaken(wanted));
  for (const auto& [external_id, holder] : taken) {
    for (const auto& [wanted_id, account_id] : claims) {
      if (wanted_id == external_id && account_id != holder) {
        return ExternalIdTaken(external_id, holder);
      }
    }
  }
  return Internal("an external id was claimed twice by one account");
}

absl::Status PostgresAccountTable::Insert(const Account& account) {
  KAM_ASSIGN_OR_RETURN(const std::vector<std::string> added, InsertNew({&account, 1}));
  if (added.empty()) return AlreadyExists(AccountName(account.id));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> PostgresAccountTable::InsertNew(
    absl::Span<const Account> accounts) {
  std::vector<std::string> ids, names, parents, external_ids, currencies, industries, labels;
  std::vector<std::optional<int64_t>> spends, budgets;
  std::vector<int64_t> versions, create_times, update_times;
  for (const Account& account : accounts) {
    ids.push_back(account.id);
    names.push_back(account.content.display_name);
    parents.push_back(account.content.parent_id);
    external_ids.push_back(ExternalIdsJson(account.content.external_ids));
    currencies.push_back(account.content.currency);
    industries.push_back(account.content.industry);
    spends.push_back(account.content.declared_annual_spend);
    budgets.push_back(account.content.marketing_budget);
    labels.push_back(LabelsJson(account.content));
    versions.push_back(account.version);
    create_times.push_back(absl::ToUnixMicros(account.create_time));
    update_times.push_back(absl::ToUnixMicros(account.update_time));
  }
  constexpr char kSql[] = R"(
      INSERT INTO accounts (account_id, display_name, parent_id, external_ids, currency, industry,
        declared_annual_spend, marketing_budget, labels, version, create_time, update_time)
      SELECT account_id, display_name, parent_id, CAST(external_ids AS jsonb), currency, industry,
        declared_annual_spend, marketing_budget, CAST(labels AS jsonb), version,
        timestamptz 'epoch' + create_us * interval '1 microsecond',
        timestamptz 'epoch' + update_us * interval '1 microsecond'
      FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:parents AS text[]),
                  CAST(:external_ids AS text[]), CAST(:currencies AS text[]),
                  CAST(:industries AS text[]), CAST(:spends AS bigint[]),
                  CAST(:budgets AS bigint[]), CAST(:labels AS text[]),
                  CAST(:versions AS bigint[]), CAST(:creates AS bigint[]),
                  CAST(:updates AS bigint[]))
        AS a (account_id, display_name, parent_id, external_ids, currency, industry,
              declared_annual_spend, marketing_budget, labels, version, create_us, update_us)
      ORDER BY account_id
      ON CONFLICT (account_id) DO NOTHING
      RETURNING account_id)";
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query(kSql, {ids, names, parents, external_ids, currencies, industries, spends,
                            budgets, labels, versions, create_times, update_times}));
  std::vector<std::string> added;
  for (int row = 0; row < rows.size(); ++row) added.push_back(rows.Text(row, 0));
  std::sort(added.begin(), added.end());
  Claims claims;
  for (const Account& account : accounts) {
    if (!std::binary_search(added.begin(), added.end(), account.id)) continue;
    for (const ExternalId& id : account.content.external_ids) claims.emplace_back(id, account.id);
  }
  KAM_RETURN_IF_ERROR(Claim(std::move(claims)));
  return added;
}

absl::StatusOr<std::vector<Account>> PostgresAccountTable::Find(absl::Span<const std::string> ids) {
  constexpr char kSql[] =
      "SELECT " KAM_ACCOUNT_COLUMNS " FROM accounts WHERE account_id = ANY (CAST(:ids AS text[]))";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {ids}));
  return ReadAccounts(rows);
}

absl::StatusOr<Account> PostgresAccountTable::Get(absl::string_view id) {
  constexpr char kSql[] = "SELECT " KAM_ACCOUNT_COLUMNS " FROM accounts WHERE account_id = :id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::StatusOr<Account> PostgresAccountTable::GetForUpdate(absl::string_view id) {
  constexpr char kSql[] =
      "SELECT " KAM_ACCOUNT_COLUMNS " FROM accounts WHERE account_id = :id FOR NO KEY UPDATE";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::StatusOr<std::vector<Account>> PostgresAccountTable::FindForUpdate(
    absl::Span<const std::string> ids) {
  constexpr char kSql[] = "SELECT " KAM_ACCOUNT_COLUMNS
                          " FROM accounts WHERE account_id = ANY (CAST(:ids AS text[]))"
                          " ORDER BY account_id FOR NO KEY UPDATE";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {ids}));
  return ReadAccounts(rows);
}

absl::Status PostgresAccountTable::Update(const Account& account) {
  const AccountContent& content = account.content;
  constexpr char kSql[] = R"(
      UPDATE accounts
      SET display_name = :display_name, parent_id = :parent_id,
          external_ids = CAST(:external_ids AS jsonb), currency = :currency, industry = :industry,
          declared_annual_spend = CAST(:spend AS bigint), marketing_budget = CAST(:budget AS bigint),
          labels = CAST(:labels AS jsonb), version = CAST(:version AS bigint),
          update_time = timestamptz 'epoch' + CAST(:update_us AS bigint) * interval '1 microsecond',
          delete_time = timestamptz 'epoch' + CAST(:delete_us AS bigint) * interval '1 microsecond'
      WHERE account_id = :account_id)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t updated,
      session_.Execute(
          kSql, {content.display_name, content.parent_id, ExternalIdsJson(content.external_ids),
                 content.currency, content.industry, content.declared_annual_spend,
                 content.marketing_budget, LabelsJson(content), account.version,
                 account.update_time, account.delete_time, account.id}));
  if (updated == 0) return NotFound(AccountName(account.id));
  constexpr char kRelease[] = "DELETE FROM account_external_ids WHERE account_id = :account_id";
  KAM_RETURN_IF_ERROR(session_.Execute(kRelease, {account.id}).status());
  Claims claims;
  for (const ExternalId& id : content.external_ids) claims.emplace_back(id, account.id);
  return Claim(std::move(claims));
}

absl::StatusOr<std::string> PostgresAccountTable::FindByExternalId(const ExternalId& external_id) {
  constexpr char kSql[] = R"(
      SELECT account_id FROM account_external_ids
      WHERE external_id = :id AND system = :system)";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {external_id.id, external_id.system}));
  if (rows.empty()) return ExternalIdNotFound(external_id);
  return rows.Text(0, 0);
}

absl::StatusOr<std::vector<std::pair<ExternalId, std::string>>> PostgresAccountTable::FindTaken(
    absl::Span<const ExternalId> external_ids) {
  std::vector<std::string> systems, ids;
  for (const ExternalId& external_id : external_ids) {
    systems.push_back(external_id.system);
    ids.push_back(external_id.id);
  }
  constexpr char kSql[] = R"(
      SELECT system, external_id, account_id
      FROM account_external_ids
      JOIN (SELECT DISTINCT system, external_id
            FROM unnest(CAST(:systems AS text[]), CAST(:ids AS text[]))
              AS wanted (system, external_id)) AS wanted USING (system, external_id))";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {systems, ids}));
  std::vector<std::pair<ExternalId, std::string>> taken;
  for (int row = 0; row < rows.size(); ++row) {
    taken.push_back({{rows.Text(row, 0), rows.Text(row, 1)}, rows.Text(row, 2)});
  }
  return taken;
}

absl::StatusOr<std::vector<std::string>> PostgresAccountTable::Ancestry(absl::string_view id) {
  constexpr char kSql[] = R"(
      WITH RECURSIVE ancestry AS (
        SELECT account_id, parent_id, 0 AS distance FROM accounts WHERE account_id = :id
        UNION ALL
        SELECT parent.account_id, parent.parent_id, ancestry.distance + 1
        FROM ancestry JOIN accounts AS parent ON parent.account_id = ancestry.parent_id
      ) CYCLE account_id SET again USING path
      SELECT account_id FROM ancestry WHERE NOT again ORDER BY distance)";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  std::vector<std::string> ids;
  for (int row = 0; row < rows.size(); ++row) ids.push_back(rows.Text(row, 0));
  return ids;
}

}  // namespace

std::unique_ptr<AccountTable> MakeAccountTable(Session& session) {
  return std::make_unique<PostgresAccountTable>(session);
}

}  // namespace kam::store
