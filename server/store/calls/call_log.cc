#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "store/engine/sqlstate.h"
#include "store/tables.h"

namespace kam::store {
namespace {

// Of a refused call nothing has been checked: PostgreSQL keeps no NUL.
std::string Printable(absl::string_view text) {
  std::string printable(text);
  std::replace(printable.begin(), printable.end(), '\0', '?');
  return printable;
}

class PostgresCallLog final : public CallLog {
 public:
  explicit PostgresCallLog(Session& session) : session_(session) {}

  absl::StatusOr<std::optional<RecordedCall>> ClaimRequest(absl::string_view principal,
                                                           absl::string_view method,
                                                           absl::string_view request_id,
                                                           absl::string_view hash) override {
    // Waits for another transaction with the same claim to end.
    KAM_ASSIGN_OR_RETURN(
        const int64_t claimed,
        session_.Execute("INSERT INTO requests (principal, method, request_id, request_hash) "
                         "VALUES (:principal, :method, :request_id, decode(:hash, 'hex')) "
                         "ON CONFLICT DO NOTHING",
                         {principal, method, request_id, absl::BytesToHexString(hash)}));
    if (claimed == 1) return std::nullopt;
    KAM_ASSIGN_OR_RETURN(const Rows rows,
                         session_.Query("SELECT encode(request_hash, 'hex'), "
                                        "  encode(coalesce(response, ''::bytea), 'hex') "
                                        "FROM requests "
                                        "WHERE principal = :principal AND method = :method "
                                        "  AND request_id = :request_id",
                                        {principal, method, request_id}));
    if (rows.empty()) return Conflict();  // pruned this moment
    return RecordedCall{.request_hash = absl::HexStringToBytes(rows.Text(0, 0)),
                        .response = absl::HexStringToBytes(rows.Text(0, 1))};
  }

  absl::Status RecordResponse(absl::string_view principal, absl::string_view method,
                              absl::string_view request_id, absl::string_view response) override {
    KAM_ASSIGN_OR_RETURN(
        const int64_t recorded,
        session_.Execute("UPDATE requests SET response = decode(:response, 'hex') "
                         "WHERE principal = :principal AND method = :method "
                         "  AND request_id = :request_id",
                         {absl::BytesToHexString(response), principal, method, request_id}));
    if (recorded != 1) return Internal("a response was recorded for no claimed request");
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> PruneRequests(absl::Duration age) override {
    return session_.Execute(
        "DELETE FROM requests WHERE (principal, method, request_id) IN ("
        "  SELECT principal, method, request_id FROM requests"
        "  WHERE create_time < now() - CAST(:age AS bigint) * interval '1 microsecond'"
        "  ORDER BY create_time LIMIT 10000 FOR UPDATE SKIP LOCKED)",
        {absl::ToInt64Microseconds(age)});
  }

  absl::Status Audit(const AuditEntry& entry) override {
    return session_
        .Execute(
            "INSERT INTO audit "
            "  (principal, method, peer, request_id, resource, outcome, detail) "
            "VALUES (:principal, :method, :peer, :request_id, :resource, :outcome, :detail)",
            {Printable(entry.principal), Printable(entry.method), Printable(entry.peer),
             Printable(entry.request_id), Printable(entry.resource), Printable(entry.outcome),
             Printable(entry.detail)})
        .status();
  }

  absl::Status AppendChange(absl::string_view kind, absl::string_view account_id,
                            absl::string_view resource) override {
    return session_
        .Execute(
            "INSERT INTO changes (kind, account_id, resource) "
            "VALUES (:kind, :account_id, :resource)",
            {kind, account_id, resource})
        .status();
  }

  absl::Status AppendAccountChanges(absl::string_view kind,
                                    absl::Span<const std::string> account_ids) override {
    if (account_ids.empty()) return absl::OkStatus();
    std::vector<std::string> resources;
    resources.reserve(account_ids.size());
    for (const std::string& id : account_ids) resources.push_back(AccountName{id}.ToString());
    return session_
        .Execute(
            "INSERT INTO changes (kind, account_id, resource) "
            "SELECT :kind, account_id, resource "
            "FROM unnest(CAST(:account_ids AS text[]), CAST(:resources AS text[])) "
            "  AS changed (account_id, resource)",
            {kind, account_ids, resources})
        .status();
  }

 private:
  Session& session_;
};

}  // namespace

std::unique_ptr<CallLog> MakeCallLog(Session& session) {
  return std::make_unique<PostgresCallLog>(session);
}

}  // namespace kam::store
