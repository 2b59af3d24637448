#include "store/calls/page_secret.h"

#include "absl/strings/escaping.h"
#include "base/status_macros.h"
#include "model/error.h"

namespace kam::store {

absl::StatusOr<std::string> PageSecret(Snapshot& snapshot) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      snapshot.session().Query("SELECT encode(page_secret, 'hex') FROM server_secrets", {}));
  if (rows.size() != 1) return Internal("the database has no page secret");
  return absl::HexStringToBytes(rows.Text(0, 0));
}

}  // namespace kam::store
