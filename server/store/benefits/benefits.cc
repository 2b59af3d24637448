#include "store/benefits/benefits.h"

#include "base/status_macros.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {

template <>
struct Columns<Benefit> {
  static constexpr absl::string_view kTable = "benefits";
  static constexpr auto kList = std::tuple(
      Key("benefit_id", &Benefit::id), Column("display_name", &Benefit::display_name),
      Column("terms", &Benefit::terms), Column("stacking_group", &Benefit::stacking_group),
      Column("validity_days", &Benefit::validity_days), Column("budget_id", &Benefit::budget_id),
      Column("state", &Benefit::state), Column("was_activated", &Benefit::was_activated),
      Column("version", &Benefit::version), Column("create_time", &Benefit::create_time),
      Column("update_time", &Benefit::update_time));
  static Change ChangeOf(const Benefit& benefit) {
    return {.resource = BenefitName{benefit.id}.ToString(), .version = benefit.version};
  }
};

namespace {

const std::string& SelectByIds() {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Benefit>(),
                   " FROM benefits WHERE benefit_id = ANY(CAST(:ids AS text[])) "
                   "ORDER BY benefit_id");
  return sql;
}

absl::StatusOr<Benefit> One(absl::StatusOr<std::vector<Benefit>> found, absl::string_view id) {
  if (!found.ok()) return found.status();
  if (found->empty()) return NotFound(BenefitName{std::string(id)}.ToString());
  return std::move(found->front());
}

}  // namespace

absl::Status InsertBenefit(Transaction& tx, const Benefit& benefit) {
  KAM_ASSIGN_OR_RETURN(const bool is_new, InsertIfNew(tx, benefit, ChangeKind::kBenefitCreated));
  if (!is_new) return AlreadyExists(BenefitName{benefit.id}.ToString());
  return absl::OkStatus();
}

absl::Status UpdateBenefit(Transaction& tx, const Benefit& benefit, ChangeKind kind) {
  return Update(tx, benefit, kind);
}

absl::StatusOr<Benefit> GetBenefit(Snapshot& snapshot, absl::string_view id) {
  const std::string wanted(id);
  return One(FindBenefits(snapshot, {&wanted, 1}), id);
}

absl::StatusOr<Benefit> GetBenefitForUpdate(Transaction& tx, absl::string_view id) {
  const std::string wanted(id);
  return One(FindBenefitsForUpdate(tx, {&wanted, 1}), id);
}

absl::StatusOr<std::vector<Benefit>> FindBenefits(Snapshot& snapshot,
                                                  absl::Span<const std::string> ids) {
  return QueryRows<Benefit>(snapshot.session(), SelectByIds(), {ids});
}

absl::StatusOr<std::vector<Benefit>> FindBenefitsForUpdate(Transaction& tx,
                                                           absl::Span<const std::string> ids) {
  static const std::string sql = absl::StrCat(SelectByIds(), " FOR UPDATE");
  return QueryRows<Benefit>(tx.session(), sql, {ids});
}

absl::StatusOr<std::vector<Benefit>> ActiveBenefits(Snapshot& snapshot) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Benefit>(),
                   " FROM benefits WHERE state = CAST(:active AS bigint) ORDER BY benefit_id");
  return QueryRows<Benefit>(snapshot.session(), sql, {NumberOf(BenefitState::kActive)});
}

absl::StatusOr<Page<Benefit>> ListBenefits(Snapshot& snapshot, const PageRequest& page) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Benefit>(), " FROM benefits WHERE true");
  return QueryPage<Benefit>(snapshot.session(), sql, {}, {.columns = {"benefit_id"}}, page);
}

}  // namespace kam::store
