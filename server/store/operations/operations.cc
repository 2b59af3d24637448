#include "store/operations/operations.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "kam/stored/v1/error.pb.h"
#include "model/error.h"
#include "model/operations/names.h"
#include "store/engine/keyset.h"
#include "store/engine/sqlstate.h"
#include "store/engine/table.h"

namespace kam::store {

// How an operation failed, as a kam.stored.v1.Status; NULL while it has not.
template <>
struct Codec<absl::Status> {
  using Stored = stored::v1::Status;
  static constexpr absl::string_view kSqlType = Codec<Stored>::kSqlType;
  static std::string Read(absl::string_view column) { return Codec<Stored>::Read(column); }
  static std::string Write(absl::string_view param) { return Codec<Stored>::Write(param); }
  static CellText ToText(const absl::Status& status) {
    if (status.ok()) return std::nullopt;
    return Codec<Stored>::ToText(ToStored(status));
  }
  static bool FromText(Cell cell, absl::Status& status) {
    Stored stored;
    status = absl::OkStatus();
    if (!cell) return true;
    if (!Codec<Stored>::FromText(cell, stored)) return false;
    status = FromStored(stored);
    return true;
  }
};

template <>
struct Columns<Operation> {
  static constexpr absl::string_view kTable = "operations";
  static constexpr auto kList = std::tuple(
      Key("id", &Operation::id), Joined("seq", &Operation::seq), Column("kind", &Operation::kind),
      Column("target", &Operation::target), Column("principal", &Operation::principal),
      Column("state", &Operation::state), Column("stage", &Operation::stage),
      Column("done", &Operation::done), Column("total", &Operation::total),
      Column("cursor", &Operation::cursor), Column("attempts", &Operation::attempts),
      Column("cancel_requested", &Operation::cancel_requested), Column("error", &Operation::error),
      Column("create_time", &Operation::create_time), Column("start_time", &Operation::start_time),
      Column("attempt_time", &Operation::attempt_time),
      Column("attempt_done", &Operation::attempt_done), Column("end_time", &Operation::end_time));
};

namespace {

// Every statement below that names a lease holds only while `owner` has it.
constexpr char kHeld[] = " WHERE id = :id AND lease_owner = :owner AND state = 2";

absl::Status NoSuchOperation(absl::string_view id) {
  return NotFound(OperationName{std::string(id)}.ToString());
}

// The only cell of an update that must find the lease held.
absl::StatusOr<bool> CancelRequested(const absl::StatusOr<Rows>& rows) {
  KAM_RETURN_IF_ERROR(rows.status());
  if (rows->empty()) return Conflict();
  return rows->Bool(0, 0);
}

absl::Status HadLease(const absl::StatusOr<int64_t>& rows) {
  KAM_RETURN_IF_ERROR(rows.status());
  return *rows == 1 ? absl::OkStatus() : Conflict();
}

}  // namespace

absl::Status InsertOperation(Transaction& tx, const Operation& operation) {
  return InsertRows<Operation>(tx.session(), {&operation, 1}).status();
}

absl::StatusOr<Operation> GetOperation(Snapshot& tx, absl::string_view id) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Operation>(), " FROM operations WHERE id = :id");
  KAM_ASSIGN_OR_RETURN(std::optional<Operation> found,
                       QueryOptional<Operation>(tx.session(), sql, {id}));
  if (!found) return NoSuchOperation(id);
  return *std::move(found);
}

absl::StatusOr<Page<Operation>> ListOperations(Snapshot& tx, const PageRequest& page) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Operation>(), " FROM operations WHERE true");
  return QueryPage<Operation>(tx.session(), sql, {}, {.columns = {"seq"}, .descending = true},
                              page);
}

absl::Status RequestCancel(Transaction& tx, absl::string_view id) {
  constexpr char kSql[] =
      "UPDATE operations SET cancel_requested = (cancel_requested OR state IN (1, 2)) "
      "WHERE id = :id";
  KAM_ASSIGN_OR_RETURN(const int64_t found, tx.session().Execute(kSql, {id}));
  return found == 1 ? absl::OkStatus() : NoSuchOperation(id);
}

absl::Status DeleteOperation(Transaction& tx, absl::string_view id) {
  constexpr char kSql[] = "DELETE FROM operations WHERE id = :id AND state > 2";
  KAM_ASSIGN_OR_RETURN(const int64_t deleted, tx.session().Execute(kSql, {id}));
  if (deleted == 1) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(GetOperation(tx, id).status());
  const std::string name = OperationName{std::string(id)}.ToString();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " is still running: cancel it first"),
                   {.reason = ErrorReason::kOperationRunning,
                    .metadata = {{"operation", name}},
                    .resource = name});
}

absl::StatusOr<std::optional<Operation>> ClaimOperation(Transaction& tx,
                                                        absl::Span<const OperationKind> kinds,
                                                        absl::string_view owner,
                                                        absl::Duration lease) {
  static const std::string sql = absl::StrCat(
      "UPDATE operations SET state = 2, lease_owner = :owner,"
      "  lease_until = clock_timestamp() + CAST(:lease AS bigint) * interval '1 us',"
      "  attempts = attempts + 1, start_time = coalesce(start_time, now()),"
      "  attempt_time = now(), attempt_done = done "
      "WHERE id = (SELECT id FROM operations"
      "  WHERE state IN (1, 2) AND kind = ANY (CAST(:kinds AS integer[]))"
      "    AND coalesce(lease_until, '-infinity') <= clock_timestamp()"
      "  ORDER BY cancel_requested DESC, seq LIMIT 1 FOR UPDATE SKIP LOCKED) "
      "RETURNING ",
      SelectList<Operation>());
  std::vector<int32_t> numbers;
  for (const OperationKind kind : kinds) numbers.push_back(NumberOf(kind));
  return QueryOptional<Operation>(tx.session(), sql,
                                  {owner, absl::ToInt64Microseconds(lease), numbers});
}

absl::StatusOr<bool> ExtendLease(Transaction& tx, absl::string_view id, absl::string_view owner,
                                 absl::Duration lease) {
  static const std::string sql = absl::StrCat(
      "UPDATE operations SET lease_until ="
      "  clock_timestamp() + CAST(:lease AS bigint) * interval '1 us'",
      kHeld, " RETURNING cancel_requested");
  return CancelRequested(tx.session().Query(sql, {absl::ToInt64Microseconds(lease), id, owner}));
}

absl::Status ReleaseOperation(Transaction& tx, absl::string_view id, absl::string_view owner,
                              absl::Duration pause) {
  static const std::string sql = absl::StrCat(
      "UPDATE operations SET lease_owner = NULL, lease_until ="
      "  clock_timestamp() + CAST(:pause AS bigint) * interval '1 us'",
      kHeld);
  return HadLease(tx.session().Execute(sql, {absl::ToInt64Microseconds(pause), id, owner}));
}

absl::StatusOr<bool> SaveProgress(Transaction& tx, const Operation& operation,
                                  absl::string_view owner) {
  static const std::string sql = absl::StrCat(
      "UPDATE operations SET stage = :stage, done = :done, total = :total, cursor = :cursor", kHeld,
      " RETURNING cancel_requested");
  return CancelRequested(tx.session().Query(sql, {operation.stage, operation.done, operation.total,
                                                  operation.cursor, operation.id, owner}));
}

absl::Status FinishOperation(Transaction& tx, absl::string_view id, absl::string_view owner,
                             OperationState state, const absl::Status& error) {
  static const std::string sql = absl::StrCat(
      "UPDATE operations SET state = :state, error = ", Codec<absl::Status>::Write(":error"),
      ", end_time = now(), lease_owner = NULL, lease_until = NULL", kHeld);
  const CellText text = Codec<absl::Status>::ToText(error);
  return HadLease(
      tx.session().Execute(sql, {NumberOf(state), text ? Param(*text) : Param::Null(), id, owner}));
}

}  // namespace kam::store
