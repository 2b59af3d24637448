#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "kam/v1/options.pb.h"
#include "rpc/pipeline/call_observer.h"
#include "rpc/pipeline/worker_pool.h"

namespace kam::rpc {

// A method of the contract, and what is known of its messages before any call; lives as long as the
// pipeline.
struct Method {
  std::string path;        // `/kam.v1.AccountService/GetAccount`
  absl::string_view type;  // `unary` or `client_stream`
  v1::MethodPolicy policy;
  bool writes = false;                                  // the contract has it audited as a write
  const google::protobuf::Message* request = nullptr;   // prototypes
  const google::protobuf::Message* response = nullptr;  //
  std::unique_ptr<MethodObserver> observer;
  std::unique_ptr<Share> share;  // of the workers
  // Of a method whose calls are executed in groups: what those may hold that go by themselves.
  std::unique_ptr<Share> apart;
  // What a read of it has taken lately, in microseconds.
  mutable std::atomic<int64_t> typical_us = 0;

  // Fields that requests share by name; null where the request has none.
  const google::protobuf::FieldDescriptor* request_id = nullptr;
  const google::protobuf::FieldDescriptor* validate_only = nullptr;
  const google::protobuf::FieldDescriptor* name = nullptr;
  const google::protobuf::FieldDescriptor* parent = nullptr;
  const google::protobuf::FieldDescriptor* page_token = nullptr;
  // A resource in the request, as of an update, and rows of resources.
  const google::protobuf::FieldDescriptor* resource = nullptr;
  const google::protobuf::FieldDescriptor* rows = nullptr;

  bool IsValidateOnly(const google::protobuf::Message& message) const;
  std::string RequestIdOf(const google::protobuf::Message& message) const;
  // What calls get in each other's way for: the resource asked for, its parent or the one that all
  // rows belong to, to its first id, such as `accounts/acme`; empty when there is none.
  absl::string_view KeyOf(const google::protobuf::Message& message) const;
  // What the audit line is about: the resource answered, else the one asked for, or "".
  std::string ResourceOf(const google::protobuf::Message& asked,
                         const google::protobuf::Message& answered) const;
};

// What the contract says of a method. FAILED_PRECONDITION when it declares no policy or a broken
// rule; such a method stops the server from starting.
absl::StatusOr<std::unique_ptr<Method>> MakeMethod(
    const google::protobuf::MethodDescriptor& descriptor);

}  // namespace kam::rpc
