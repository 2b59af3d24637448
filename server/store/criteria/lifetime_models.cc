#include "store/criteria/lifetime_models.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {
namespace {

// A row: the spend that may be absent takes columns of its own.
struct ModelRow {
  LifetimeModel model;
  std::optional<double> spend_p, spend_q, spend_v;
};

ModelRow RowOf(LifetimeModel model) {
  ModelRow row{.model = std::move(model)};
  if (const std::optional<SpendParameters>& spend = row.model.spend) {
    row.spend_p = spend->p;
    row.spend_q = spend->q;
    row.spend_v = spend->v;
  }
  return row;
}

LifetimeModel ModelOf(ModelRow row) {
  if (row.spend_p && row.spend_q && row.spend_v) {
    row.model.spend = SpendParameters{*row.spend_p, *row.spend_q, *row.spend_v};
  }
  return std::move(row.model);
}

// A column of the model itself.
template <typename... Path>
constexpr auto Of(absl::string_view name, Path... path) {
  return Column(name, &ModelRow::model, path...);
}

}  // namespace

template <>
struct Columns<ModelRow> {
  using M = LifetimeModel;
  static constexpr absl::string_view kTable = "lifetime_models";
  static constexpr auto kList = std::tuple(
      Key("number", &ModelRow::model, &M::number), Of("state", &M::state),
      Of("as_of_day", &M::as_of_day), Of("known_at", &M::known_at), Of("kind", &M::kind),
      Of("r", &M::purchase, &PurchaseParameters::r),
      Of("alpha", &M::purchase, &PurchaseParameters::alpha),
      Of("a", &M::purchase, &PurchaseParameters::a), Of("b", &M::purchase, &PurchaseParameters::b),
      Of("purchase_customers", &M::purchase_evidence, &FitEvidence::customers),
      Of("purchase_histories", &M::purchase_evidence, &FitEvidence::distinct_histories),
      Of("purchase_iterations", &M::purchase_evidence, &FitEvidence::iterations),
      Of("purchase_log_likelihood", &M::purchase_evidence, &FitEvidence::log_likelihood),
      Of("purchase_converged", &M::purchase_evidence, &FitEvidence::converged),
      Of("purchase_stop_reason", &M::purchase_evidence, &FitEvidence::stop_reason),
      Column("spend_p", &ModelRow::spend_p), Column("spend_q", &ModelRow::spend_q),
      Column("spend_v", &ModelRow::spend_v),
      Of("spend_customers", &M::spend_evidence, &FitEvidence::customers),
      Of("spend_histories", &M::spend_evidence, &FitEvidence::distinct_histories),
      Of("spend_iterations", &M::spend_evidence, &FitEvidence::iterations),
      Of("spend_log_likelihood", &M::spend_evidence, &FitEvidence::log_likelihood),
      Of("spend_converged", &M::spend_evidence, &FitEvidence::converged),
      Of("spend_stop_reason", &M::spend_evidence, &FitEvidence::stop_reason),
      Of("version", &M::version), Of("create_time", &M::create_time));
  static Change ChangeOf(const ModelRow& row) {
    return {.resource = LifetimeModelName{row.model.number}.ToString(),
            .version = row.model.version};
  }
};

namespace {

absl::StatusOr<LifetimeModel> Get(Snapshot& tx, int32_t number, absl::string_view sql) {
  KAM_ASSIGN_OR_RETURN(std::optional<ModelRow> row,
                       QueryOptional<ModelRow>(tx.session(), sql, {number}));
  if (!row) return NotFound(LifetimeModelName{number}.ToString());
  return ModelOf(*std::move(row));
}

const std::string& SelectByNumber() {
  static const std::string sql = absl::StrCat("SELECT ", SelectList<ModelRow>(),
                                              " FROM lifetime_models WHERE number = :number");
  return sql;
}

}  // namespace

absl::StatusOr<int32_t> NextModelNumber(Transaction& tx) {
  KAM_ASSIGN_OR_RETURN(const int64_t number, NextOf(tx.session(), "lifetime_model_numbers"));
  return static_cast<int32_t>(number);
}

absl::Status InsertModel(Transaction& tx, const LifetimeModel& model) {
  const ModelRow row = RowOf(model);
  return Insert(tx, absl::Span<const ModelRow>(&row, 1), ChangeKind::kLifetimeModelCreated);
}

absl::Status UpdateModel(Transaction& tx, const LifetimeModel& model, ChangeKind kind) {
  return Update(tx, RowOf(model), kind);
}

absl::StatusOr<LifetimeModel> GetModel(Snapshot& tx, int32_t number) {
  return Get(tx, number, SelectByNumber());
}

absl::StatusOr<LifetimeModel> GetModelForUpdate(Transaction& tx, int32_t number) {
  static const std::string sql = SelectByNumber() + " FOR UPDATE";
  return Get(tx, number, sql);
}

absl::StatusOr<std::optional<LifetimeModel>> NewestModel(Snapshot& tx) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<ModelRow>(),
                   " FROM lifetime_models WHERE state = :state AND purchase_converged "
                   "ORDER BY number DESC LIMIT 1");
  KAM_ASSIGN_OR_RETURN(
      std::optional<ModelRow> row,
      QueryOptional<ModelRow>(tx.session(), sql, {NumberOf(RunState::kSucceeded)}));
  if (!row) return std::nullopt;
  return ModelOf(*std::move(row));
}

absl::StatusOr<Page<LifetimeModel>> ListModels(Snapshot& tx, const PageRequest& page) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<ModelRow>(), " FROM lifetime_models WHERE true");
  KAM_ASSIGN_OR_RETURN(Page<ModelRow> rows,
                       QueryPage<ModelRow>(tx.session(), sql, {},
                                           {.columns = {"number"}, .descending = true}, page));
  Page<LifetimeModel> models{.next = std::move(rows.next)};
  for (ModelRow& row : rows.items) models.items.push_back(ModelOf(std::move(row)));
  return models;
}

}  // namespace kam::store
