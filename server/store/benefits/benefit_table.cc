#include "store/benefits/benefit_table.h"

#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/benefits/benefit_json.h"
#include "store/benefits/postgres_benefit_table.h"
#include "store/engine/page_of.h"
#include "store/tables.h"

// The columns that ReadBenefit takes.
#define BENEFIT_COLUMNS                                                                   \
  "benefit_id, display_name, kind::text, eligibility::text, stacking_group, cost::text, " \
  "value::text, validity_days, budget_id, state, was_activated, version, "                \
  "(extract(epoch FROM create_time) * 1000000)::bigint, "                                 \
  "(extract(epoch FROM update_time) * 1000000)::bigint "

namespace kam::store {
namespace {

absl::StatusOr<Benefit> ReadBenefit(const Rows& rows, int row) {
  Benefit benefit;
  benefit.id = rows.Text(row, 0);
  benefit.display_name = rows.Text(row, 1);
  KAM_ASSIGN_OR_RETURN(benefit.kind, BenefitKindFromJson(rows.Text(row, 2)));
  KAM_ASSIGN_OR_RETURN(benefit.eligibility, EligibilityFromJson(rows.Text(row, 3)));
  benefit.stacking_group = rows.Text(row, 4);
  KAM_ASSIGN_OR_RETURN(benefit.cost, CostModelFromJson(rows.Text(row, 5)));
  KAM_ASSIGN_OR_RETURN(benefit.value, ValueModelFromJson(rows.Text(row, 6)));
  benefit.validity_days = rows.Int32(row, 7);
  benefit.budget_id = rows.Text(row, 8);
  benefit.state = static_cast<BenefitState>(rows.Int(row, 9));
  benefit.was_activated = rows.Bool(row, 10);
  benefit.version = rows.Int(row, 11);
  benefit.create_time = rows.Time(row, 12);
  benefit.update_time = rows.Time(row, 13);
  return benefit;
}

absl::StatusOr<std::vector<Benefit>> ReadBenefits(const Rows& rows) {
  std::vector<Benefit> benefits;
  for (int row = 0; row < rows.size(); ++row) {
    KAM_ASSIGN_OR_RETURN(Benefit benefit, ReadBenefit(rows, row));
    benefits.push_back(std::move(benefit));
  }
  return benefits;
}

absl::StatusOr<Benefit> One(const Rows& rows, absl::string_view id) {
  if (rows.empty()) return NotFound(BenefitName(id));
  return ReadBenefit(rows, 0);
}

}  // namespace

absl::Status PostgresBenefitTable::InsertBenefit(const Benefit& benefit) {
  constexpr char kSql[] = R"(
      INSERT INTO benefits (benefit_id, display_name, kind, eligibility, stacking_group, cost,
                            value, validity_days, budget_id, state, was_activated, version,
                            create_time, update_time)
      VALUES (:id, :display_name, CAST(:kind AS jsonb), CAST(:eligibility AS jsonb), :group,
              CAST(:cost AS jsonb), CAST(:value AS jsonb), :validity_days, :budget, :state,
              :was_activated, :version,
              'epoch'::timestamptz + CAST(:created AS bigint) * interval '1 microsecond',
              'epoch'::timestamptz + CAST(:updated AS bigint) * interval '1 microsecond')
      ON CONFLICT (benefit_id) DO NOTHING)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t inserted,
      session_.Execute(
          kSql,
          {benefit.id, benefit.display_name, ToJson(benefit.kind), ToJson(benefit.eligibility),
           benefit.stacking_group, ToJson(benefit.cost), ToJson(benefit.value),
           benefit.validity_days, benefit.budget_id, static_cast<int32_t>(benefit.state),
           benefit.was_activated, benefit.version, benefit.create_time, benefit.update_time}));
  if (inserted == 0) return AlreadyExists(BenefitName(benefit.id));
  return absl::OkStatus();
}

absl::StatusOr<Benefit> PostgresBenefitTable::GetBenefit(absl::string_view id) {
  constexpr char kSql[] = "SELECT " BENEFIT_COLUMNS "FROM benefits WHERE benefit_id = :id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::StatusOr<Benefit> PostgresBenefitTable::GetBenefitForUpdate(absl::string_view id) {
  constexpr char kSql[] =
      "SELECT " BENEFIT_COLUMNS "FROM benefits WHERE benefit_id = :id FOR UPDATE";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::Status PostgresBenefitTable::UpdateBenefit(const Benefit& benefit) {
  constexpr char kSql[] = R"(
      UPDATE benefits
      SET display_name = :display_name, kind = CAST(:kind AS jsonb),
          eligibility = CAST(:eligibility AS jsonb), stacking_group = :group,
          cost = CAST(:cost AS jsonb), value = CAST(:value AS jsonb),
          validity_days = :validity_days, budget_id = :budget, state = :state,
          was_activated = :was_activated, version = :version,
          update_time = 'epoch'::timestamptz
                        + CAST(:updated AS bigint) * interval '1 microsecond'
      WHERE benefit_id = :id)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t updated,
      session_.Execute(
          kSql, {benefit.display_name, ToJson(benefit.kind), ToJson(benefit.eligibility),
                 benefit.stacking_group, ToJson(benefit.cost), ToJson(benefit.value),
                 benefit.validity_days, benefit.budget_id, static_cast<int32_t>(benefit.state),
                 benefit.was_activated, benefit.version, benefit.update_time, benefit.id}));
  if (updated == 0) return NotFound(BenefitName(benefit.id));
  return absl::OkStatus();
}

absl::StatusOr<Page<Benefit>> PostgresBenefitTable::ListBenefits(const PageRequest& page) {
  constexpr char kSql[] = "SELECT " BENEFIT_COLUMNS
                          "FROM benefits WHERE benefit_id > :after "
                          "ORDER BY benefit_id LIMIT :size";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {page.after, page.size + 1}));
  KAM_ASSIGN_OR_RETURN(std::vector<Benefit> benefits, ReadBenefits(rows));
  return PageOf(std::move(benefits), page, [](const Benefit& benefit) { return benefit.id; });
}

absl::StatusOr<std::vector<Benefit>> PostgresBenefitTable::ActiveBenefits() {
  constexpr char kSql[] =
      "SELECT " BENEFIT_COLUMNS "FROM benefits WHERE state = 2 ORDER BY benefit_id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {}));
  return ReadBenefits(rows);
}

std::unique_ptr<BenefitTable> MakeBenefitTable(Session& session) {
  return std::make_unique<PostgresBenefitTable>(session);
}

}  // namespace kam::store
