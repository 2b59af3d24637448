#include "store/calls/requests.h"

#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "store/calls/audit.h"
#include "store/engine/table.h"

namespace kam::store {
namespace {

// A row of the table.
struct Request {
  std::string principal;
  std::string method;
  std::string id;
  Bytes hash;
  Bytes response;
};

// A claim that was not held by another transaction.
struct FreeClaim {
  std::string principal;
  std::string method;
  std::string id;
  bool claimed = false;  // or recorded before
};

using RequestKey = std::tuple<std::string, std::string, std::string>;

template <typename Row>
RequestKey KeyOf(const Row& row) {
  return {row.principal, row.method, row.id};
}

Request RowOf(const RequestClaim& claim) {
  return {.principal = std::string(claim.principal),
          .method = std::string(claim.method),
          .id = std::string(claim.request_id),
          .hash = {std::string(claim.hash)},
          .response = {}};
}

std::vector<Request> RowsOf(absl::Span<const RequestClaim> claims) {
  std::vector<Request> rows;
  rows.reserve(claims.size());
  for (const RequestClaim& claim : claims) rows.push_back(RowOf(claim));
  return rows;
}

}  // namespace

template <>
struct Columns<Request> {
  static constexpr absl::string_view kTable = "requests";
  static constexpr auto kList =
      std::tuple(Key("principal", &Request::principal), Key("method", &Request::method),
                 Key("request_id", &Request::id), Column("request_hash", &Request::hash),
                 Column("response", &Request::response));
};

template <>
struct Columns<FreeClaim> {
  static constexpr absl::string_view kTable = "requests";
  static constexpr auto kList =
      std::tuple(Key("principal", &FreeClaim::principal), Key("method", &FreeClaim::method),
                 Key("request_id", &FreeClaim::id), Column("claimed", &FreeClaim::claimed));
};

namespace {

// Claims what no other transaction holds. The advisory lock tells, without waiting, whether another
// one is at it; the unique index decides. Claims are made in one order, so that groups do not
// deadlock.
absl::StatusOr<std::vector<FreeClaim>> ClaimFree(Transaction& tx, absl::Span<const Request> asked,
                                                 bool wait) {
  static const std::string sql = absl::StrCat(
      "WITH asked AS MATERIALIZED ("
      "  SELECT * FROM ",
      RowsTable<Request>(),
      "  ORDER BY principal, method, request_id"
      "), free AS MATERIALIZED ("
      "  SELECT * FROM asked "
      "  WHERE pg_try_advisory_xact_lock(hashtextextended("
      "          concat_ws(chr(10), method, principal, request_id), 0)) "
      "     OR CAST(:wait AS boolean)"
      "), mine AS ("
      "  INSERT INTO requests (principal, method, request_id, request_hash) "
      "  SELECT principal, method, request_id, request_hash FROM free "
      "  ON CONFLICT DO NOTHING RETURNING principal, method, request_id, true AS claimed"
      "), outcomes AS ("
      "  SELECT principal, method, request_id, coalesce(claimed, false) AS claimed "
      "  FROM free LEFT JOIN mine USING (principal, method, request_id)"
      ") SELECT ",
      SelectList<FreeClaim>(), " FROM outcomes");
  std::vector<Param> params = ArraysOf(asked);
  params.emplace_back(wait);
  return QueryRows<FreeClaim>(tx.session(), sql, params);
}

// Those of `asked` that are recorded, with what was asked and answered.
absl::StatusOr<std::vector<Request>> FindRecorded(Transaction& tx,
                                                  absl::Span<const Request> asked) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Request>("q"), " FROM ", RowsTable<Request>(),
                   " JOIN requests AS q USING (principal, method, request_id)");
  if (asked.empty()) return std::vector<Request>();
  return QueryRows<Request>(tx.session(), sql, ArraysOf(asked));
}

}  // namespace

absl::StatusOr<std::vector<ClaimOutcome>> ClaimRequests(Transaction& tx,
                                                        absl::Span<const RequestClaim> claims,
                                                        bool wait) {
  // Busy, unless it turns out otherwise.
  std::vector<ClaimOutcome> outcomes(claims.size(), {.state = ClaimOutcome::State::kBusy});
  if (claims.empty()) return outcomes;
  const std::vector<Request> asked = RowsOf(claims);
  absl::flat_hash_map<RequestKey, ClaimOutcome*> by_key;
  for (size_t i = 0; i < asked.size(); ++i) by_key[KeyOf(asked[i])] = &outcomes[i];
  KAM_ASSIGN_OR_RETURN(const std::vector<FreeClaim> free, ClaimFree(tx, asked, wait));
  std::vector<Request> before;
  for (const FreeClaim& claim : free) {
    if (claim.claimed) {
      by_key[KeyOf(claim)]->state = ClaimOutcome::State::kClaimed;
    } else {
      before.push_back({.principal = claim.principal, .method = claim.method, .id = claim.id});
    }
  }
  // One that is not found was pruned this moment.
  KAM_ASSIGN_OR_RETURN(std::vector<Request> recorded, FindRecorded(tx, before));
  for (Request& request : recorded) {
    *by_key[KeyOf(request)] = {.state = ClaimOutcome::State::kRecorded,
                               .request_hash = std::move(request.hash.value),
                               .response = std::move(request.response.value)};
  }
  return outcomes;
}

absl::Status RecordCalls(Transaction& tx, absl::Span<const AnsweredCall> calls) {
  std::vector<Request> answered;
  std::vector<AuditEntry> lines;
  for (const AnsweredCall& call : calls) {
    Request& request = answered.emplace_back(RowOf(call.claim));
    request.response.value = std::string(call.response);
    lines.push_back({.principal = request.principal,
                     .method = request.method,
                     .peer = std::string(call.peer),
                     .request_id = request.id,
                     .resource = call.resource,
                     .outcome = "OK",
                     .detail = ""});
  }
  KAM_RETURN_IF_ERROR(UpsertRows(tx.session(), absl::MakeConstSpan(answered)));
  return AppendAudit(tx, lines);
}

absl::Status ReleaseClaims(Transaction& tx, absl::Span<const RequestClaim> claims) {
  const std::vector<Request> refused = RowsOf(claims);
  return DeleteRows(tx.session(), absl::MakeConstSpan(refused));
}

absl::StatusOr<int64_t> PruneRequests(Transaction& tx, absl::Duration age) {
  static const std::string sql = absl::StrCat(
      "DELETE FROM requests WHERE (principal, method, request_id) IN ("
      "  SELECT principal, method, request_id FROM requests WHERE create_time < ",
      Codec<absl::Time>::Write("CAST(:before AS bigint)"),
      "  ORDER BY create_time LIMIT 10000 FOR UPDATE SKIP LOCKED)");
  return tx.session().Execute(sql, {tx.now() - age});
}

}  // namespace kam::store
