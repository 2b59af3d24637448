#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kam/stored/v1/error.pb.h"

namespace kam {

// The reasons of the contract's `ErrorReason`, by the same numbers (held together by a test in
// tests/rpc). Each is documented there, with its canonical code and its metadata.
enum class ErrorReason {
  kInvalidFields = 1,
  kInvalidPageToken = 2,
  kInvalidFilter = 3,
  kRequestIdReused = 4,
  kCurrencyMismatch = 5,
  kResourceNotFound = 20,
  kResourceAlreadyExists = 21,
  kExternalIdTaken = 22,
  kFactDiffers = 23,
  kEtagMismatch = 40,
  kConflict = 41,
  kResourceDeleted = 60,
  kWrongState = 61,
  kNotPublished = 62,
  kFxRateMissing = 63,
  kNotEnoughData = 64,
  kBudgetExceeded = 65,
  kSeatsExceeded = 66,
  kAccountLimitExceeded = 67,
  kNotEligible = 68,
  kAlreadyEntitled = 69,
  kPlanStale = 70,
  kOperationRunning = 71,
  kAmountOverflow = 80,
  kPermissionDenied = 100,
  kUnauthenticated = 101,
  kOverloaded = 120,
  kImportTooLarge = 121,
  kDatabaseUnavailable = 122,
  kOutcomeUnknown = 123,
  kShuttingDown = 124,
  kDeadlineExceeded = 125,
  kCancelled = 126,
  kInternal = 127,
  kDatabaseFull = 128,
};

// A field of the request that breaks a rule.
struct FieldViolation {
  std::string field;        // path in the request, such as `orders[3].net_amount`
  std::string description;  // what is wrong and what would be right
};

// Something in the system's state that stands in the way.
struct PreconditionViolation {
  std::string type;         // kind, such as `BUDGET` or `CRITERION`
  std::string subject;      // resource name or id
  std::string description;  // what is and what would have to be
};

// What to build an error of. What a status carries is the message kam.stored.v1.ErrorDetails.
struct ErrorDetails {
  ErrorReason reason = ErrorReason::kInternal;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> fields;
  std::vector<PreconditionViolation> preconditions;
  std::string resource;  // name of the resource it is about; empty when there is none
  std::optional<absl::Duration> retry_after;
};

// A status that carries `details`. What is no UTF-8 in them, or a NUL, becomes `?`.
absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details);

// A status that carries a message of details, such as one that was kept.
absl::Status WithDetails(absl::StatusCode code, absl::string_view message,
                         const stored::v1::ErrorDetails& details);

// A status as it is kept, and back.
stored::v1::Status ToStored(const absl::Status& status);
absl::Status FromStored(const stored::v1::Status& stored);

// The message that a status carries, or nothing: the status is then a defect to callers.
std::optional<stored::v1::ErrorDetails> StoredDetails(const absl::Status& status);

// The same, to read by its parts.
std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status);

// Whether `status` carries this reason. Cheap.
bool HasReason(const absl::Status& status, ErrorReason reason);

// Errors that every area has. `resource` is a full resource name.
absl::Status NotFound(absl::string_view resource);
absl::Status AlreadyExists(absl::string_view resource);
absl::Status EtagMismatch(absl::string_view resource, absl::string_view current_etag);
absl::Status Deleted(absl::string_view resource);
absl::Status WrongState(absl::string_view resource, absl::string_view state,
                        absl::string_view wanted);
absl::Status InvalidFields(std::vector<FieldViolation> violations);
absl::Status InvalidField(absl::string_view field, absl::string_view description);
absl::Status InvalidPageToken();
// The caller or an administrator stopped it.
absl::Status Cancelled(absl::string_view why);
absl::Status Internal(absl::string_view what);

}  // namespace kam
