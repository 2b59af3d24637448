#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/criteria/postgres_criteria_table.h"

// The columns that ReadModel takes.
#define MODEL_COLUMNS                                                                      \
  "number, state, as_of - DATE '1970-01-01', "                                             \
  "(extract(epoch FROM known_at) * 1000000)::bigint, kind, r, alpha, a, b, "               \
  "purchase_customers, purchase_histories, purchase_iterations, purchase_log_likelihood, " \
  "purchase_converged, purchase_stop_reason, spend_p, spend_q, spend_v, "                  \
  "spend_customers, spend_histories, spend_iterations, spend_log_likelihood, "             \
  "spend_converged, spend_stop_reason, (extract(epoch FROM create_time) * 1000000)::bigint "

namespace kam::store {
namespace {

// Numbers of the contract.
constexpr int32_t kBgNbd = 1;
constexpr int32_t kMbgNbd = 2;

FitEvidence ReadEvidence(const Rows& rows, int row, int column) {
  return {.customers = rows.Int(row, column),
          .distinct_histories = rows.Int(row, column + 1),
          .iterations = rows.Int32(row, column + 2),
          .log_likelihood = rows.Double(row, column + 3),
          .converged = rows.Bool(row, column + 4),
          .stop_reason = rows.Text(row, column + 5)};
}

LifetimeModel ReadModel(const Rows& rows, int row) {
  LifetimeModel model{.number = rows.Int32(row, 0),
                      .state = static_cast<RunState>(rows.Int(row, 1)),
                      .as_of_day = rows.Int32(row, 2)};
  model.known_at = rows.OptionalTime(row, 3).value_or(absl::InfinitePast());
  model.kind =
      rows.Int32(row, 4) == kBgNbd ? PurchaseModelKind::kBgNbd : PurchaseModelKind::kMbgNbd;
  model.purchase = {.r = rows.Double(row, 5),
                    .alpha = rows.Double(row, 6),
                    .a = rows.Double(row, 7),
                    .b = rows.Double(row, 8)};
  model.purchase_evidence = ReadEvidence(rows, row, 9);
  if (!rows.IsNull(row, 15)) {
    model.spend = SpendParameters{
        .p = rows.Double(row, 15), .q = rows.Double(row, 16), .v = rows.Double(row, 17)};
  }
  model.spend_evidence = ReadEvidence(rows, row, 18);
  model.create_time = rows.Time(row, 24);
  return model;
}

int32_t KindOf(const LifetimeModel& model) {
  return model.kind == PurchaseModelKind::kBgNbd ? kBgNbd : kMbgNbd;
}

void AddEvidence(const FitEvidence& evidence, std::vector<Param>& params) {
  for (const Param& param :
       {Param(evidence.customers), Param(evidence.distinct_histories),
        Param(static_cast<int32_t>(evidence.iterations)), Param(evidence.log_likelihood),
        Param(evidence.converged), Param(evidence.stop_reason)}) {
    params.push_back(param);
  }
}

// What inserting and updating write, in one order.
std::vector<Param> ContentOf(const LifetimeModel& model) {
  std::vector<Param> params = {static_cast<int32_t>(model.state),
                               model.as_of_day,
                               model.known_at,
                               KindOf(model),
                               model.purchase.r,
                               model.purchase.alpha,
                               model.purchase.a,
                               model.purchase.b};
  AddEvidence(model.purchase_evidence, params);
  params.push_back(model.spend ? Param(model.spend->p) : Param::Null());
  params.push_back(model.spend ? Param(model.spend->q) : Param::Null());
  params.push_back(model.spend ? Param(model.spend->v) : Param::Null());
  AddEvidence(model.spend_evidence, params);
  return params;
}

}  // namespace

absl::StatusOr<int32_t> PostgresCriteriaTable::InsertModel(const LifetimeModel& model) {
  std::vector<Param> params = ContentOf(model);
  params.push_back(model.create_time);
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query(
          "INSERT INTO lifetime_models (state, as_of, known_at, kind, r, alpha, a, b, "
          "  purchase_customers, purchase_histories, purchase_iterations, "
          "  purchase_log_likelihood, purchase_converged, purchase_stop_reason, spend_p, spend_q, "
          "  spend_v, spend_customers, spend_histories, spend_iterations, spend_log_likelihood, "
          "  spend_converged, spend_stop_reason, create_time) "
          "VALUES (:state, DATE '1970-01-01' + CAST(:as_of AS integer), "
          "  timestamptz 'epoch' + CAST(:known_at AS bigint) * interval '1 us', :kind, :r, :alpha, "
          "  :a, :b, :p_customers, :p_histories, :p_iterations, :p_likelihood, :p_converged, "
          "  :p_reason, :p, :q, :v, :s_customers, :s_histories, :s_iterations, :s_likelihood, "
          "  :s_converged, :s_reason, "
          "  timestamptz 'epoch' + CAST(:created AS bigint) * interval '1 us') "
          "RETURNING number",
          params));
  return rows.Int32(0, 0);
}

absl::Status PostgresCriteriaTable::UpdateModel(const LifetimeModel& model) {
  std::vector<Param> params = ContentOf(model);
  params.push_back(model.number);
  KAM_ASSIGN_OR_RETURN(
      const int64_t found,
      session_.Execute(
          "UPDATE lifetime_models SET state = :state, "
          "  as_of = DATE '1970-01-01' + CAST(:as_of AS integer), "
          "  known_at = timestamptz 'epoch' + CAST(:known_at AS bigint) * interval '1 us', "
          "  kind = :kind, r = :r, alpha = :alpha, a = :a, b = :b, "
          "  purchase_customers = :p_customers, purchase_histories = :p_histories, "
          "  purchase_iterations = :p_iterations, purchase_log_likelihood = :p_likelihood, "
          "  purchase_converged = :p_converged, purchase_stop_reason = :p_reason, "
          "  spend_p = :p, spend_q = :q, spend_v = :v, spend_customers = :s_customers, "
          "  spend_histories = :s_histories, spend_iterations = :s_iterations, "
          "  spend_log_likelihood = :s_likelihood, spend_converged = :s_converged, "
          "  spend_stop_reason = :s_reason "
          "WHERE number = :number",
          params));
  return found == 1 ? absl::OkStatus() : NotFound(LifetimeModelName(model.number));
}

absl::StatusOr<LifetimeModel> PostgresCriteriaTable::GetModel(int32_t number) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " MODEL_COLUMNS "FROM lifetime_models WHERE number = :number",
                     {number}));
  if (rows.empty()) return NotFound(LifetimeModelName(number));
  return ReadModel(rows, 0);
}

absl::StatusOr<std::optional<LifetimeModel>> PostgresCriteriaTable::NewestModel() {
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       session_.Query("SELECT " MODEL_COLUMNS "FROM lifetime_models "
                                      "WHERE state = 2 AND purchase_converged "
                                      "ORDER BY number DESC LIMIT 1",
                                      {}));
  if (rows.empty()) return std::nullopt;
  return ReadModel(rows, 0);
}

absl::StatusOr<Page<LifetimeModel>> PostgresCriteriaTable::ListModels(const PageRequest& page) {
  int32_t before = 0;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &before)) {
    return InvalidPageToken();
  }
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       session_.Query("SELECT " MODEL_COLUMNS
                                      "FROM lifetime_models WHERE :first_page OR number < :before "
                                      "ORDER BY number DESC LIMIT CAST(:size AS integer) + 1",
                                      {page.after.empty(), before, page.size}));
  Page<LifetimeModel> found;
  for (int row = 0; row < rows.size() && row < page.size; ++row) {
    found.items.push_back(ReadModel(rows, row));
  }
  if (rows.size() > page.size) found.next = absl::StrCat(found.items.back().number);
  return found;
}

}  // namespace kam::store
