#pragma once

#include <utility>
#include <vector>

#include "model/page.h"

namespace kam::store {

// The page of rows that were read with one more than wanted: the extra row only tells that there is
// a next page, which begins after the key of the last row kept.
template <typename T, typename Key>
Page<T> PageOf(std::vector<T> rows, const PageRequest& page, Key key) {
  Page<T> result;
  result.items = std::move(rows);
  if (static_cast<int>(result.items.size()) > page.size) {
    result.items.resize(page.size);
    result.next = key(result.items.back());
  }
  return result;
}

}  // namespace kam::store
