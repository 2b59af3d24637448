#include "store/accounts/account_columns.h"

namespace kam::store {

namespace account_codec {

CellText ToText(const Pairs& pairs) {
  std::string array = "{";
  for (const auto& [first, second] : pairs) {
    codec::AppendElement(array, first);
    codec::AppendElement(array, second);
  }
  return array + "}";
}

bool FromText(Cell cell, Pairs& pairs) {
  std::vector<CellText> elements;
  if (!cell || !codec::ParseArray(*cell, elements) || elements.size() % 2 != 0) return false;
  for (size_t i = 0; i < elements.size(); i += 2) {
    if (!elements[i] || !elements[i + 1]) return false;
    pairs.emplace_back(*std::move(elements[i]), *std::move(elements[i + 1]));
  }
  return true;
}

}  // namespace account_codec

CellText Codec<std::vector<ExternalId>>::ToText(const std::vector<ExternalId>& ids) {
  account_codec::Pairs pairs;
  for (const ExternalId& id : ids) pairs.emplace_back(id.system, id.id);
  return account_codec::ToText(pairs);
}

bool Codec<std::vector<ExternalId>>::FromText(Cell cell, std::vector<ExternalId>& ids) {
  account_codec::Pairs pairs;
  if (!account_codec::FromText(cell, pairs)) return false;
  ids.clear();
  for (auto& [system, id] : pairs) ids.push_back({std::move(system), std::move(id)});
  return true;
}

CellText Codec<std::map<std::string, std::string>>::ToText(
    const std::map<std::string, std::string>& values) {
  return account_codec::ToText({values.begin(), values.end()});
}

bool Codec<std::map<std::string, std::string>>::FromText(
    Cell cell, std::map<std::string, std::string>& values) {
  account_codec::Pairs pairs;
  if (!account_codec::FromText(cell, pairs)) return false;
  values.clear();
  values.insert(pairs.begin(), pairs.end());
  return true;
}

}  // namespace kam::store
