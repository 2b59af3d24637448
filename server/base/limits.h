#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

// What the service bounds for its callers' sake and is not a setting, with its unit in its name or
// type. Constants of one algorithm stand beside it.
namespace kam::limits {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;
inline constexpr int64_t kMaxAtomicImportRows = 200'000;
inline constexpr int kImportCommitRows = 10'000;
inline constexpr int kMaxRejectionsListed = 1000;
inline constexpr int kMaxReceiveMessageBytes = 4 << 20;
// A C-core client drops the whole status above about 8 KiB of metadata.
inline constexpr size_t kMaxErrorDetailBytes = 4096;
// Of one order: 10^14 minor units. What a portfolio adds up then stays far from 64 bits.
inline constexpr int64_t kMaxOrderAmountMinor = 100'000'000'000'000;
inline constexpr absl::Duration kMaxOrderTimeAhead = absl::Hours(24);
// How far in the future an entitlement may begin.
inline constexpr int kMaxStartAheadDays = 3650;
inline constexpr int kMinInstalments = 2;
inline constexpr int kMaxInstalments = 60;
// Changes that a stale plan names; the rest is counted.
inline constexpr size_t kMaxPlanChangesNamed = 50;
inline constexpr absl::Duration kDefaultCallTimeout = absl::Seconds(30);
inline constexpr absl::Duration kDefaultStreamTimeout = absl::Minutes(10);
// Calls of one method that are executed in one transaction.
inline constexpr int kMaxGroup = 64;
// Groups of one method that are under way at the same time.
inline constexpr int kGroupsAtOnce = 2;
// How long calls that write wait for the group before them until they go beside it. Two groups
// about one row would only wait for each other: one of them twice as large commits half as often.
inline constexpr absl::Duration kGroupPatience = absl::Milliseconds(20);
// Calls of one method that wait for something; each costs some kilobytes.
inline constexpr int kMaxWaiting = 10'000;
// How long a lock is waited for: by a call, and by a group, which others wait behind.
inline constexpr absl::Duration kLockTimeout = absl::Seconds(1);
inline constexpr absl::Duration kGroupLockTimeout = absl::Milliseconds(250);
// What a read may cost the database, however much time its caller has.
inline constexpr absl::Duration kMaxReadTime = absl::Seconds(10);
// Rows that all uploads of a server hold in memory, about 350 bytes each.
inline constexpr int64_t kMaxRowsHeld = 1'000'000;
// How long the transaction of a call may fall silent before the database ends it.
inline constexpr absl::Duration kMaxPause = absl::Seconds(5);
inline constexpr absl::Duration kRequestIdKept = absl::Hours(48);

}  // namespace kam::limits
