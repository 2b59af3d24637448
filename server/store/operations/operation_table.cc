#include "store/operations/operation_table.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/engine/sqlstate.h"
#include "store/operations/error_json.h"
#include "store/tables.h"

// The columns that ReadOperation takes.
#define OPERATION_COLUMNS                                                      \
  "id, kind, target, principal, state, stage, done, total, cursor, attempts, " \
  "cancel_requested, error_code, error_message, error_details::text, "         \
  "(extract(epoch FROM create_time) * 1000000)::bigint, "                      \
  "(extract(epoch FROM start_time) * 1000000)::bigint, "                       \
  "(extract(epoch FROM attempt_time) * 1000000)::bigint, attempt_done, "       \
  "(extract(epoch FROM end_time) * 1000000)::bigint "

namespace kam::store {
namespace {


Operation ReadOperation(const Rows& rows, int row) {
  Operation operation{.id = rows.Text(row, 0),
                      .kind = static_cast<OperationKind>(rows.Int(row, 1)),
                      .target = rows.Text(row, 2),
                      .principal = rows.Text(row, 3),
                      .state = static_cast<OperationState>(rows.Int(row, 4)),
                      .stage = rows.Text(row, 5),
                      .done = rows.Int(row, 6),
                      .total = rows.Int(row, 7),
                      .cursor = rows.Text(row, 8),
                      .attempts = rows.Int32(row, 9),
                      .cancel_requested = rows.Bool(row, 10)};
  const auto code = static_cast<absl::StatusCode>(rows.Int(row, 11));
  if (code != absl::StatusCode::kOk) {
    operation.error = rows.IsNull(row, 13) ? absl::Status(code, rows.Text(row, 12))
                                           : MakeError(code, rows.Text(row, 12),
                                                       ErrorDetailsFromJson(rows.Text(row, 13)));
  }
  operation.create_time = rows.Time(row, 14);
  operation.start_time = rows.OptionalTime(row, 15);
  operation.attempt_time = rows.OptionalTime(row, 16);
  operation.attempt_done = rows.Int(row, 17);
  operation.end_time = rows.OptionalTime(row, 18);
  return operation;
}

absl::Status NoSuchOperation(absl::string_view id) { return NotFound(OperationName(id)); }

class PostgresOperationTable final : public OperationTable {
 public:
  explicit PostgresOperationTable(Session& session) : session_(session) {}

  absl::Status Insert(const Operation& operation) override {
    return session_
        .Execute(
            "INSERT INTO operations "
            "  (id, kind, target, principal, state, stage, done, total, cursor, attempts, "
            "   create_time) "
            "VALUES (:id, :kind, :target, :principal, 1, :stage, :done, :total, :cursor, 0, "
            "  'epoch'::timestamptz + CAST(:create_time AS bigint) * interval '1 us')",
            {operation.id, static_cast<int32_t>(operation.kind), operation.target,
             operation.principal, operation.stage, operation.done, operation.total,
             operation.cursor, operation.create_time})
        .status();
  }

  absl::StatusOr<Operation> Get(absl::string_view id) override {
    KAM_ASSIGN_OR_RETURN(
        const Rows rows,
        session_.Query("SELECT " OPERATION_COLUMNS "FROM operations WHERE id = :id", {id}));
    if (rows.empty()) return NoSuchOperation(id);
    return ReadOperation(rows, 0);
  }

  absl::StatusOr<Page<Operation>> List(const PageRequest& page) override {
    // The id "" stands for the beginning: it sorts before all.
    KAM_ASSIGN_OR_RETURN(const Rows rows,
                         session_.Query("SELECT " OPERATION_COLUMNS
                                        "FROM operations WHERE :first_page OR id < :after "
                                        "ORDER BY id DESC LIMIT CAST(:size AS integer) + 1",
                                        {page.after.empty(), page.after, page.size}));
    Page<Operation> found;
    for (int row = 0; row < rows.size() && row < page.size; ++row) {
      found.items.push_back(ReadOperation(rows, row));
    }
    if (rows.size() > page.size) found.next = found.items.back().id;
    return found;
  }

  absl::StatusOr<std::optional<Operation>> FindByTarget(absl::string_view target) override {
    KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query("SELECT " OPERATION_COLUMNS
                                                         "FROM operations WHERE target = :target "
                                                         "ORDER BY seq DESC LIMIT 1",
                                                         {target}));
    if (rows.empty()) return std::nullopt;
    return ReadOperation(rows, 0);
  }

  absl::Status RequestCancel(absl::string_view id) override {
    KAM_ASSIGN_OR_RETURN(const int64_t found,
                         session_.Execute("UPDATE operations SET cancel_requested = "
                                          "  (cancel_requested OR state IN (1, 2)) "
                                          "WHERE id = :id",
                                          {id}));
    return found == 1 ? absl::OkStatus() : NoSuchOperation(id);
  }

  absl::Status Delete(absl::string_view id) override {
    KAM_ASSIGN_OR_RETURN(
        const int64_t deleted,
        session_.Execute("DELETE FROM operations WHERE id = :id AND state IN (3, 4, 5)", {id}));
    if (deleted == 1) return absl::OkStatus();
    KAM_RETURN_IF_ERROR(Get(id).status());
    const std::string name = OperationName(id);
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     absl::StrCat(name, " is still running: cancel it first"),
                     {.reason = ErrorReason::kOperationRunning,
                      .metadata = {{"operation", name}},
                      .resource = name});
  }

  absl::StatusOr<std::optional<Operation>> Claim(absl::Span<const OperationKind> kinds,
                                                 absl::string_view owner,
                                                 absl::Duration lease) override {
    std::vector<int32_t> numbers;
    for (const OperationKind kind : kinds) numbers.push_back(static_cast<int32_t>(kind));
    KAM_ASSIGN_OR_RETURN(
        const Rows rows,
        session_.Query("UPDATE operations SET state = 2, lease_owner = :owner, "
                       "  lease_until = clock_timestamp() + CAST(:lease AS bigint) * "
                       "    interval '1 us', "
                       "  attempts = attempts + 1, start_time = coalesce(start_time, now()), "
                       "  attempt_time = now(), attempt_done = done "
                       "WHERE id = (SELECT id FROM operations "
                       "  WHERE state IN (1, 2) AND kind = ANY (CAST(:kinds AS integer[])) "
                       "    AND coalesce(lease_until, '-infinity') <= clock_timestamp() "
                       "  ORDER BY cancel_requested DESC, seq LIMIT 1 FOR UPDATE SKIP LOCKED) "
                       "RETURNING " OPERATION_COLUMNS,
                       {owner, absl::ToInt64Microseconds(lease), numbers}));
    if (rows.empty()) return std::nullopt;
    return ReadOperation(rows, 0);
  }

  absl::StatusOr<bool> Heartbeat(absl::string_view id, absl::string_view owner,
                                 absl::Duration lease) override {
    KAM_ASSIGN_OR_RETURN(
        const Rows rows,
        session_.Query("UPDATE operations SET lease_until = "
                       "  clock_timestamp() + CAST(:lease AS bigint) * interval '1 us' "
                       "WHERE id = :id AND lease_owner = :owner AND state = 2 "
                       "RETURNING cancel_requested",
                       {absl::ToInt64Microseconds(lease), id, owner}));
    if (rows.empty()) return Conflict();
    return rows.Bool(0, 0);
  }

  absl::Status Release(absl::string_view id, absl::string_view owner,
                       absl::Duration pause) override {
    KAM_ASSIGN_OR_RETURN(
        const int64_t released,
        session_.Execute("UPDATE operations SET lease_owner = NULL, lease_until = "
                         "  clock_timestamp() + CAST(:pause AS bigint) * interval '1 us' "
                         "WHERE id = :id AND lease_owner = :owner AND state = 2",
                         {absl::ToInt64Microseconds(pause), id, owner}));
    return released == 1 ? absl::OkStatus() : Conflict();
  }

  absl::StatusOr<bool> SaveProgress(const Operation& operation, absl::string_view owner) override {
    KAM_ASSIGN_OR_RETURN(
        const Rows rows,
        session_.Query("UPDATE operations "
                       "SET stage = :stage, done = :done, total = :total, cursor = :cursor "
                       "WHERE id = :id AND lease_owner = :owner AND state = 2 "
                       "RETURNING cancel_requested",
                       {operation.stage, operation.done, operation.total, operation.cursor,
                        operation.id, owner}));
    if (rows.empty()) return Conflict();
    return rows.Bool(0, 0);
  }

  absl::Status Finish(absl::string_view id, absl::string_view owner, OperationState state,
                      const absl::Status& error) override {
    std::optional<std::string> details;
    if (const auto of_error = GetErrorDetails(error)) details = ToJson(*of_error);
    KAM_ASSIGN_OR_RETURN(
        const int64_t finished,
        session_.Execute("UPDATE operations SET state = :state, error_code = :code, "
                         "  error_message = :message, error_details = CAST(:details AS jsonb), "
                         "  end_time = now(), lease_owner = NULL, lease_until = NULL "
                         "WHERE id = :id AND lease_owner = :owner AND state = 2",
                         {static_cast<int32_t>(state), static_cast<int32_t>(error.code()),
                          error.message(), details, id, owner}));
    return finished == 1 ? absl::OkStatus() : Conflict();
  }

 private:
  Session& session_;
};

}  // namespace

std::unique_ptr<OperationTable> MakeOperationTable(Session& session) {
  return std::make_unique<PostgresOperationTable>(session);
}

}  // namespace kam::store
