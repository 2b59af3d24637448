#pragma once

// One way to update a resource. The fields that callers may change are listed once, by their names
// in the contract:
//
//   inline constexpr auto kAccountFields = std::tuple(
//       Updatable("display_name", &AccountContent::display_name), …);
//
// The RPC layer makes of a request what the resource would be if all of it were taken, says which
// fields the mask names (rpc/contract/convert.h, UpdatePaths with FieldNames of the list) and what
// was wrong with them; the rule locks the resource, checks its etag, takes the named fields, and
// checks the whole as if it were new.

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "model/error.h"

namespace kam::domain {

// What a caller wants of a resource whose content is a T.
template <typename T>
struct Update {
  T wanted;                                // as the request says; unnamed fields may be anything
  std::vector<std::string> fields;         // those to take
  std::string etag;                        // that must be current; empty for any
  std::vector<FieldViolation> violations;  // what was wrong with the request so far

  bool Takes(absl::string_view field) const {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  }
};

template <typename T, typename Member>
struct UpdatableField {
  absl::string_view name;
  Member T::*member;
};

template <typename T, typename Member>
constexpr UpdatableField<T, Member> Updatable(absl::string_view name, Member T::*member) {
  return {name, member};
}

template <typename Fields>
std::vector<std::string> FieldNames(const Fields& fields) {
  return std::apply(
      [](const auto&... field) { return std::vector<std::string>{std::string(field.name)...}; },
      fields);
}

// `current` with the fields that the update takes.
template <typename T, typename Fields>
T Updated(T current, const Update<T>& update, const Fields& fields) {
  const auto take = [&](const auto& field) {
    if (update.Takes(field.name)) current.*field.member = update.wanted.*field.member;
  };
  std::apply([&](const auto&... field) { (take(field), ...); }, fields);
  return current;
}

}  // namespace kam::domain
