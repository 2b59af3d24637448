#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "model/criteria/evaluation.h"

namespace kam {

// An account as a grant sees it.
struct Grantee {
  std::string account_id;
  std::string currency;
  std::optional<absl::Time> delete_time;  // set while the account is deleted
  // Its newest assessment, without measurements; `evaluation_id` is empty when it has none.
  StoredAssessment assessment;
};

}  // namespace kam
