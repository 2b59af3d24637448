#pragma once

#include <memory>

#include "store/engine/session.h"
#include "store/store.h"

// The tables of one transaction; each speaks through the session it is given and lives no longer.
namespace kam::store {

std::unique_ptr<CallLog> MakeCallLog(Session& session);

}  // namespace kam::store
