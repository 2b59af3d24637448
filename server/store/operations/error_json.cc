#include "store/operations/error_json.h"

#include <nlohmann/json.hpp>

namespace kam::store {

using nlohmann::json;

std::string ToJson(const ErrorDetails& details) {
  json metadata = json::array();
  for (const auto& [key, value] : details.metadata) metadata.push_back({key, value});
  json fields = json::array();
  for (const FieldViolation& violation : details.fields) {
    fields.push_back({violation.field, violation.description});
  }
  json preconditions = json::array();
  for (const PreconditionViolation& violation : details.preconditions) {
    preconditions.push_back({violation.type, violation.subject, violation.description});
  }
  json all = {{"reason", static_cast<int>(details.reason)},
              {"metadata", metadata},
              {"fields", fields},
              {"preconditions", preconditions},
              {"resource", details.resource}};
  if (details.retry_after) {
    all["retry_after_us"] = absl::ToInt64Microseconds(*details.retry_after);
  }
  return all.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
}

ErrorDetails ErrorDetailsFromJson(absl::string_view text) {
  ErrorDetails details;
  try {
    const json all = json::parse(text);
    details.reason = static_cast<ErrorReason>(all.at("reason").get<int>());
    for (const json& pair : all.at("metadata")) {
      details.metadata.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    }
    for (const json& pair : all.at("fields")) {
      details.fields.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
    }
    for (const json& triple : all.at("preconditions")) {
      details.preconditions.push_back({triple.at(0).get<std::string>(),
                                       triple.at(1).get<std::string>(),
                                       triple.at(2).get<std::string>()});
    }
    details.resource = all.at("resource").get<std::string>();
    if (all.contains("retry_after_us")) {
      details.retry_after = absl::Microseconds(all.at("retry_after_us").get<int64_t>());
    }
  } catch (const json::exception&) {
    return {.reason = ErrorReason::kInternal};
  }
  return details;
}

}  // namespace kam::store
