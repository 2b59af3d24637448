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
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/field_mask_util.h"
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

  void Take(T& current, const T& wanted) const { current.*member = wanted.*member; }
};

// A field of a document that a resource holds, of the same name there.
template <typename T, typename Document>
struct UpdatablePart {
  absl::string_view name;
  Document T::*document;

  void Take(T& current, const T& wanted) const {
    google::protobuf::FieldMask mask;
    mask.add_paths(std::string(name));
    google::protobuf::util::FieldMaskUtil::MergeOptions options;
    options.set_replace_message_fields(true);
    options.set_replace_repeated_fields(true);
    google::protobuf::util::FieldMaskUtil::MergeMessageTo(wanted.*document, mask, options,
                                                          &(current.*document));
  }
};

template <typename T, typename Member>
constexpr UpdatableField<T, Member> Updatable(absl::string_view name, Member T::*member) {
  return {name, member};
}

template <typename T, typename Document>
constexpr UpdatablePart<T, Document> PartOf(Document T::*document, absl::string_view name) {
  return {name, document};
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
    if (update.Takes(field.name)) field.Take(current, update.wanted);
  };
  std::apply([&](const auto&... field) { (take(field), ...); }, fields);
  return current;
}

}  // namespace kam::domain
