#include "store/calls/audit.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "store/engine/table.h"

namespace kam::store {

template <>
struct Columns<AuditEntry> {
  static constexpr absl::string_view kTable = "audit";
  static constexpr auto kList =
      std::tuple(Column("principal", &AuditEntry::principal), Column("method", &AuditEntry::method),
                 Column("peer", &AuditEntry::peer), Column("request_id", &AuditEntry::request_id),
                 Column("resource", &AuditEntry::resource), Column("outcome", &AuditEntry::outcome),
                 Column("detail", &AuditEntry::detail), Column("calls", &AuditEntry::calls));
};

absl::Status AppendAudit(Transaction& tx, absl::Span<const AuditEntry> entries) {
  std::vector<AuditEntry> printable(entries.begin(), entries.end());
  for (AuditEntry& entry : printable) {
    for (std::string* text : {&entry.principal, &entry.method, &entry.peer, &entry.request_id,
                              &entry.resource, &entry.outcome, &entry.detail}) {
      std::replace(text->begin(), text->end(), '\0', '?');
    }
  }
  return InsertRows(tx.session(), absl::MakeConstSpan(printable)).status();
}

}  // namespace kam::store
