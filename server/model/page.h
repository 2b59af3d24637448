#pragma once

#include <string>
#include <vector>

namespace kam {

// One page of a list. `next` is the key after which the next page begins; empty on the last page.
// Keys are opaque above the store; rpc/contract/page_token.h seals them into page tokens.
template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;
};

// Which page is wanted.
struct PageRequest {
  int size = 0;       // 1 to limits::kMaxPageSize
  std::string after;  // `next` of the page before; empty for the first one
};

}  // namespace kam
