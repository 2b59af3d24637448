#include "store/engine/keyset.h"

namespace kam::store::keyset {

std::string OrderSql(const Keyset& keyset) {
  std::string order = " ORDER BY ";
  for (size_t i = 0; i < keyset.columns.size(); ++i) {
    absl::StrAppend(&order, i == 0 ? "" : ", ", keyset.alias, keyset.alias.empty() ? "" : ".",
                    keyset.columns[i], keyset.descending ? " DESC" : "");
  }
  return order;
}

}  // namespace kam::store::keyset
