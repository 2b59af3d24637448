// Many customers share one history; the likelihood of each distinct one is computed once.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_DISTINCT_HISTORIES_H_
#define KAM_SERVER_DOMAIN_LIFETIME_DISTINCT_HISTORIES_H_

#include <algorithm>
#include <vector>

namespace kam::domain {

template <typename History>
struct WeightedHistory {
  History history;
  // Customers that have it.
  double weight;
};

// The distinct histories in ascending order. History must be totally ordered: no NaN.
template <typename History>
std::vector<WeightedHistory<History>> CountDistinct(std::vector<History> histories) {
  std::sort(histories.begin(), histories.end());
  std::vector<WeightedHistory<History>> distinct;
  for (const History& history : histories) {
    if (distinct.empty() || distinct.back().history != history) distinct.push_back({history, 0});
    distinct.back().weight += 1;
  }
  return distinct;
}

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_DISTINCT_HISTORIES_H_
