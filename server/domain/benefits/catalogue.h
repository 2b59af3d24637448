#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "domain/update.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "store/store.h"

// The rules of the catalogue: what a benefit may say, and how it comes to be granted. A benefit is
// DRAFT, then ACTIVE, then RETIRED.
namespace kam::domain {

// Everything that is wrong with a benefit beyond the declared field rules, with paths under
// `benefit.`. `budget` is the benefit's, or null when it has none. Amounts without a currency were
// found wrong before and are passed over.
std::vector<FieldViolation> ViolationsOf(const Benefit& benefit, const Budget* budget);

// The same with the budget read from the store; one that does not exist is a violation. `current`
// is what an update starts from, or null.
absl::StatusOr<std::vector<FieldViolation>> CheckBenefit(store::Snapshot& snapshot,
                                                         const Benefit& benefit,
                                                         const Benefit* current);

// Adds a draft; `violations` are what was wrong with the request so far. INVALID_ARGUMENT
// (kInvalidFields, everything that is wrong); ALREADY_EXISTS.
absl::StatusOr<Benefit> CreateBenefit(store::Transaction& tx, Benefit benefit,
                                      std::vector<FieldViolation> violations);

// What callers may change of a benefit; naming a field of the kind changes the kind.
inline constexpr auto kBenefitFields = std::tuple(
    Updatable("display_name", &Benefit::display_name), PartOf(&Benefit::terms, "discount"),
    PartOf(&Benefit::terms, "credit_terms"), PartOf(&Benefit::terms, "club_membership"),
    PartOf(&Benefit::terms, "event"), PartOf(&Benefit::terms, "payment_mode"),
    PartOf(&Benefit::terms, "delivery_arrangement"), PartOf(&Benefit::terms, "dedicated_contact"),
    PartOf(&Benefit::terms, "eligibility"), Updatable("stacking_group", &Benefit::stacking_group),
    PartOf(&Benefit::terms, "cost"), PartOf(&Benefit::terms, "value"),
    Updatable("validity_days", &Benefit::validity_days), Updatable("budget", &Benefit::budget_id));

// NOT_FOUND; ABORTED (kEtagMismatch); FAILED_PRECONDITION (kWrongState) when it is retired;
// INVALID_ARGUMENT (kInvalidFields). An update that changes nothing leaves the etag as it is.
absl::StatusOr<Benefit> UpdateBenefit(store::Transaction& tx, const BenefitName& name,
                                      const Update<Benefit>& update);

// DRAFT → ACTIVE and ACTIVE → RETIRED. NOT_FOUND; ABORTED (kEtagMismatch); FAILED_PRECONDITION
// (kWrongState).
absl::StatusOr<Benefit> ActivateBenefit(store::Transaction& tx, absl::string_view id,
                                        absl::string_view etag);
absl::StatusOr<Benefit> RetireBenefit(store::Transaction& tx, absl::string_view id,
                                      absl::string_view etag);

// OK when a benefit can be granted at `now`: it is active, its event has not begun and its budget
// (null when it has none) is in its period. FAILED_PRECONDITION (kWrongState).
absl::Status CheckGrantable(const Benefit& benefit, const Budget* budget, absl::Time now);

// The budget of a benefit, if it has one.
absl::StatusOr<std::optional<Budget>> BudgetOf(store::Snapshot& snapshot, const Benefit& benefit);

}  // namespace kam::domain
