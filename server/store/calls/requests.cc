#include "store/calls/requests.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "base/status_macros.h"

namespace kam::store {
namespace {

// The claims as the arrays that a statement takes.
struct Arrays {
  explicit Arrays(absl::Span<const RequestClaim> claims) {
    for (const RequestClaim& claim : claims) Add(claim);
  }
  Arrays() = default;

  void Add(const RequestClaim& claim) {
    principals.emplace_back(claim.principal);
    methods.emplace_back(claim.method);
    ids.emplace_back(claim.request_id);
    hashes.push_back(absl::BytesToHexString(claim.hash));
  }

  std::vector<std::string> principals;
  std::vector<std::string> methods;
  std::vector<std::string> ids;
  std::vector<std::string> hashes;
};

// Columns of the recorded calls.
enum RecordedColumn { kPlace, kRecordedHash, kRecordedResponse };

absl::Status ReadRecorded(Transaction& tx, const Arrays& asked, const std::vector<int64_t>& places,
                          std::vector<ClaimOutcome>& outcomes) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      tx.session().Query("SELECT asked.place, encode(request_hash, 'hex'), "
                         "       encode(coalesce(response, CAST('' AS bytea)), 'hex') "
                         "FROM unnest(CAST(:principals AS text[]), CAST(:methods AS text[]), "
                         "            CAST(:ids AS text[]), CAST(:places AS bigint[])) "
                         "  AS asked (principal, method, request_id, place) "
                         "JOIN requests USING (principal, method, request_id)",
                         {asked.principals, asked.methods, asked.ids, places}));
  for (int row = 0; row < rows.size(); ++row) {
    ClaimOutcome& outcome = outcomes[rows.Int(row, kPlace)];
    outcome.state = ClaimOutcome::State::kRecorded;
    outcome.request_hash = absl::HexStringToBytes(rows.Text(row, kRecordedHash));
    outcome.response = absl::HexStringToBytes(rows.Text(row, kRecordedResponse));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ClaimOutcome>> ClaimRequests(Transaction& tx,
                                                        absl::Span<const RequestClaim> claims,
                                                        bool wait) {
  std::vector<ClaimOutcome> outcomes(claims.size());
  if (claims.empty()) return outcomes;
  const Arrays all(claims);
  // The advisory lock tells, without waiting, whether another transaction is at it; the unique
  // index decides. Claims are made in one order, so that groups do not deadlock.
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      tx.session().Query(
          "WITH asked AS MATERIALIZED ("
          "  SELECT * FROM unnest(CAST(:principals AS text[]), CAST(:methods AS text[]), "
          "                       CAST(:ids AS text[]), CAST(:hashes AS text[])) "
          "    WITH ORDINALITY AS asked (principal, method, request_id, hash, place) "
          "  ORDER BY principal, method, request_id"
          "), free AS MATERIALIZED ("
          "  SELECT * FROM asked "
          "  WHERE pg_try_advisory_xact_lock(hashtextextended("
          "          concat_ws(chr(10), method, principal, request_id), 0)) "
          "     OR CAST(:wait AS boolean)"
          "), claimed AS ("
          "  INSERT INTO requests (principal, method, request_id, request_hash) "
          "  SELECT principal, method, request_id, decode(hash, 'hex') FROM free "
          "  ON CONFLICT DO NOTHING RETURNING principal, method, request_id"
          ") "
          "SELECT free.place IS NOT NULL, claimed.request_id IS NOT NULL "
          "FROM asked LEFT JOIN free USING (place) LEFT JOIN claimed "
          "  ON claimed.principal = asked.principal AND claimed.method = asked.method "
          "    AND claimed.request_id = asked.request_id "
          "ORDER BY asked.place",
          {all.principals, all.methods, all.ids, all.hashes, wait}));
  Arrays asked;
  std::vector<int64_t> places;
  for (int i = 0; i < rows.size(); ++i) {
    constexpr int kFree = 0;
    constexpr int kClaimed = 1;
    if (rows.Bool(i, kClaimed)) continue;
    // Recorded, unless it was pruned this moment.
    outcomes[i].state = ClaimOutcome::State::kBusy;
    if (!rows.Bool(i, kFree)) continue;
    asked.Add(claims[i]);
    places.push_back(i);
  }
  if (!places.empty()) KAM_RETURN_IF_ERROR(ReadRecorded(tx, asked, places, outcomes));
  return outcomes;
}

absl::Status RecordCalls(Transaction& tx, absl::Span<const AnsweredCall> calls) {
  if (calls.empty()) return absl::OkStatus();
  Arrays claims;
  std::vector<std::string> responses;
  std::vector<std::string> peers;
  std::vector<std::string> resources;
  for (const AnsweredCall& call : calls) {
    claims.Add(call.claim);
    responses.push_back(absl::BytesToHexString(call.response));
    peers.emplace_back(call.peer);
    resources.push_back(call.resource);
  }
  return tx.session()
      .Execute(
          "WITH answered AS MATERIALIZED ("
          "  SELECT * FROM unnest(CAST(:principals AS text[]), CAST(:methods AS text[]), "
          "                       CAST(:ids AS text[]), CAST(:hashes AS text[]), "
          "                       CAST(:responses AS text[]), CAST(:peers AS text[]), "
          "                       CAST(:resources AS text[])) "
          "    AS answered (principal, method, request_id, hash, response, peer, resource)"
          "), recorded AS ("
          "  INSERT INTO requests (principal, method, request_id, request_hash, response) "
          "  SELECT principal, method, request_id, decode(hash, 'hex'), decode(response, 'hex') "
          "  FROM answered "
          "  ON CONFLICT (principal, method, request_id) DO UPDATE SET response = excluded.response"
          ") "
          "INSERT INTO audit (principal, method, peer, request_id, resource, outcome, detail) "
          "SELECT principal, method, peer, request_id, resource, 'OK', '' FROM answered",
          {claims.principals, claims.methods, claims.ids, claims.hashes, responses, peers,
           resources})
      .status();
}

absl::Status ReleaseClaims(Transaction& tx, absl::Span<const RequestClaim> claims) {
  if (claims.empty()) return absl::OkStatus();
  const Arrays refused(claims);
  return tx.session()
      .Execute(
          "DELETE FROM requests USING unnest(CAST(:principals AS text[]), CAST(:methods AS "
          "text[]), "
          "                                  CAST(:ids AS text[])) "
          "  AS refused (principal, method, request_id) "
          "WHERE requests.principal = refused.principal AND requests.method = refused.method "
          "  AND requests.request_id = refused.request_id",
          {refused.principals, refused.methods, refused.ids})
      .status();
}

}  // namespace kam::store
