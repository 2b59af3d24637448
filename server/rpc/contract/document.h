#pragma once

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "rpc/contract/convert.h"

// Between messages of the contract and documents as they are kept (kam.stored.v1), whose fields
// have the same names. Amounts become google.type.Money or kam.stored.v1.Money; enumerations keep
// their numbers.
namespace kam::rpc {

// Copies the fields of `from` that `to` has as well. What cannot be kept becomes a violation at
// its path below `path`: an amount that is no amount of its currency (and is left at 0 without
// one), a number that is no value of its enumeration.
void ToDocument(const google::protobuf::Message& from, absl::string_view path,
                google::protobuf::Message& to, Violations& violations);

// The way back, for documents that were made by ToDocument.
void FromDocument(const google::protobuf::Message& from, google::protobuf::Message& to);

}  // namespace kam::rpc
