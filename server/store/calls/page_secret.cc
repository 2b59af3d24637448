#include "store/calls/page_secret.h"

#include <utility>

#include "base/status_macros.h"
#include "store/engine/columns.h"

namespace kam::store {

absl::StatusOr<std::string> PageSecret(Snapshot& snapshot) {
  KAM_ASSIGN_OR_RETURN(
      Bytes secret,
      QueryValue<Bytes>(snapshot.session(), "SELECT page_secret FROM server_secrets", {}));
  return std::move(secret.value);
}

}  // namespace kam::store
