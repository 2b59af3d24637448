#include "model/benefits/errors.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "model/accounts/names.h"
#include "model/benefits/names.h"

namespace kam {
namespace {

absl::Status Refused(ErrorReason reason, absl::string_view resource,
                     std::vector<std::pair<std::string, std::string>> metadata,
                     absl::string_view message,
                     std::vector<PreconditionViolation> preconditions = {}) {
  ErrorDetails details{.reason = reason, .metadata = std::move(metadata)};
  details.metadata.insert(details.metadata.begin(), {"resource", std::string(resource)});
  details.preconditions = std::move(preconditions);
  details.resource = std::string(resource);
  return MakeError(absl::StatusCode::kFailedPrecondition, message, details);
}

}  // namespace

absl::Status BudgetExceeded(absl::string_view budget_id, int64_t available, int64_t wanted,
                            absl::string_view currency) {
  const std::string name = BudgetName{std::string(budget_id)}.ToString();
  return Refused(ErrorReason::kBudgetExceeded, name,
                 {{"available", absl::StrCat(available)},
                  {"wanted", absl::StrCat(wanted)},
                  {"currency", std::string(currency)}},
                 absl::StrCat(name, " has ", available, " minor units of ", currency, " left, ",
                              wanted, " are wanted"));
}

absl::Status SeatsExceeded(absl::string_view budget_id, int64_t available, int64_t wanted) {
  const std::string name = BudgetName{std::string(budget_id)}.ToString();
  return Refused(ErrorReason::kSeatsExceeded, name,
                 {{"available", absl::StrCat(available)}, {"wanted", absl::StrCat(wanted)}},
                 absl::StrCat(name, " has ", available, " seats left, ", wanted, " are wanted"));
}

absl::Status AccountLimitExceeded(absl::string_view budget_id, absl::string_view account_id,
                                  int64_t available, int64_t wanted, absl::string_view currency) {
  const std::string name = BudgetName{std::string(budget_id)}.ToString();
  const std::string account = AccountName{std::string(account_id)}.ToString();
  return Refused(ErrorReason::kAccountLimitExceeded, name,
                 {{"account", account},
                  {"available", absl::StrCat(available)},
                  {"wanted", absl::StrCat(wanted)},
                  {"currency", std::string(currency)}},
                 absl::StrCat(name, " has ", available, " minor units of ", currency, " left for ",
                              account, ", ", wanted, " are wanted"));
}

absl::Status NotEligible(absl::string_view benefit_id, absl::string_view account_id,
                         std::vector<PreconditionViolation> lacking) {
  const std::string name = BenefitName{std::string(benefit_id)}.ToString();
  const std::string account = AccountName{std::string(account_id)}.ToString();
  return Refused(ErrorReason::kNotEligible, name, {{"account", account}},
                 absl::StrCat(account, " is not eligible for ", name), std::move(lacking));
}

absl::Status AlreadyEntitled(absl::string_view entitlement) {
  return Refused(ErrorReason::kAlreadyEntitled, entitlement, {},
                 absl::StrCat("the benefit, or another of its stacking group, is held already by ",
                              entitlement));
}

absl::Status FxRateMissing(absl::string_view from, absl::string_view to,
                           absl::string_view resource) {
  return Refused(
      ErrorReason::kFxRateMissing, resource, {{"from", std::string(from)}, {"to", std::string(to)}},
      absl::StrCat("no exchange rate from ", from, " to ", to, ", needed for ", resource));
}

}  // namespace kam
