#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "store/engine/connection.h"
#include "store/engine/migrations.h"
#include "store/engine/options.h"

namespace kam::store {

// Brings the schema to the head of `migrations`, each in a transaction of its own, and answers what
// was applied (`0001_schema`); waits for another migration under way. Safe beside a
// running older server: it gives up waiting for a lock after seconds, and tries again until
// `deadline`. FAILED_PRECONDITION when an applied migration has changed since or is not known here
// (this program is too old); UNAVAILABLE; DEADLINE_EXCEEDED; INTERNAL when one fails (the log says
// why).
absl::StatusOr<std::vector<std::string>> Migrate(
    const std::string& url, absl::Duration timeout = absl::Minutes(10),
    absl::Span<const Migration> migrations = Migrations(), const LogLine& log = LogToStderr);

// OK when all of `migrations` are applied as they are here. Newer ones beside them are fine: a
// newer version is being rolled out. FAILED_PRECONDITION; UNAVAILABLE.
absl::Status CheckSchema(Connection& connection, absl::Span<const Migration> migrations);

// The checksum kept of an applied migration: SHA-256 in hexadecimal.
std::string ChecksumOf(const Migration& migration);

}  // namespace kam::store
