#include "store/changes/change_log.h"

#include "store/engine/table.h"

namespace kam::store {

// Kinds are kept by their names, so that the log can be read as it is.
template <>
struct Codec<ChangeKind> : PlainCodec {
  static constexpr absl::string_view kSqlType = "text";
  static CellText ToText(ChangeKind kind) { return std::string(NameOf(kind)); }
  static bool FromText(Cell cell, ChangeKind& kind) {
    const std::optional<ChangeKind> known = cell ? EnumFromName<ChangeKind>(*cell) : std::nullopt;
    if (known) kind = *known;
    return known.has_value();
  }
};

template <>
struct Columns<Change> {
  static constexpr absl::string_view kTable = "changes";
  static constexpr auto kList =
      std::tuple(Column("kind", &Change::kind), Column("account_id", &Change::account_id),
                 Column("resource", &Change::resource), Column("version", &Change::version));
};

absl::Status AppendChanges(Transaction& tx, absl::Span<const Change> changes) {
  return InsertRows(tx.session(), changes).status();
}

}  // namespace kam::store
