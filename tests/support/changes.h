#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "store/transaction.h"

namespace kam::testing {

// Adds a line to the change log by itself: something that a test can see was committed.
inline absl::Status AppendChange(store::Snapshot& tx, absl::string_view kind,
                                 absl::string_view account_id, absl::string_view resource) {
  return tx.session()
      .Execute(
          "INSERT INTO changes (kind, account_id, resource) "
          "VALUES (:kind, :account_id, :resource)",
          {kind, account_id, resource})
      .status();
}

}  // namespace kam::testing
