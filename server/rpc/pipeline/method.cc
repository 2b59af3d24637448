#include "rpc/pipeline/method.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rpc/contract/field_rules.h"
#include "rpc/contract/method_policy.h"

namespace kam::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* Find(const Descriptor& type, const char* name,
                            FieldDescriptor::CppType cpp_type) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != cpp_type) return nullptr;
  return field;
}

// A string field without a copy; empty when there is no such field.
absl::string_view Text(const Message& message, const FieldDescriptor* field) {
  if (field == nullptr) return "";
  std::string unused;  // only fields that are no std::string need it, and there are none
  return message.GetReflection()->GetStringReference(message, field, &unused);
}

const FieldDescriptor* NameIn(const Descriptor& type) {
  return Find(type, "name", FieldDescriptor::CPPTYPE_STRING);
}

// `accounts/acme` of `accounts/acme/orders/1`: what is locked.
absl::string_view TopOf(absl::string_view resource_name) {
  const size_t first = resource_name.find('/');
  if (first == absl::string_view::npos) return resource_name;
  return resource_name.substr(0, resource_name.find('/', first + 1));
}

// The field that holds a resource, or rows of one.
const FieldDescriptor* FindNamed(const Descriptor& type, bool repeated) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_message || field->is_repeated() != repeated) continue;
    if (NameIn(*field->message_type()) != nullptr) return field;
  }
  return nullptr;
}

}  // namespace

bool Method::IsValidateOnly(const Message& message) const {
  return validate_only != nullptr && message.GetReflection()->GetBool(message, validate_only);
}

std::string Method::RequestIdOf(const Message& message) const {
  return std::string(Text(message, request_id));
}

absl::string_view Method::KeyOf(const Message& message) const {
  for (const FieldDescriptor* field : {name, parent}) {
    const absl::string_view text = Text(message, field);
    if (!text.empty()) return TopOf(text);
  }
  if (resource != nullptr) {
    const Message& inner = message.GetReflection()->GetMessage(message, resource);
    return TopOf(Text(inner, NameIn(*inner.GetDescriptor())));
  }
  if (rows == nullptr) return "";
  absl::string_view key;
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < reflection->FieldSize(message, rows); ++i) {
    const Message& row = reflection->GetRepeatedMessage(message, rows, i);
    const absl::string_view of_row = TopOf(Text(row, NameIn(*row.GetDescriptor())));
    if (i > 0 && of_row != key) return "";
    key = of_row;
  }
  return key;
}

std::string Method::ResourceOf(const Message& asked, const Message& answered) const {
  const FieldDescriptor* field =
      Find(*answered.GetDescriptor(), "name", FieldDescriptor::CPPTYPE_STRING);
  for (const absl::string_view found :
       {Text(answered, field), Text(asked, name), Text(asked, parent)}) {
    if (!found.empty()) return std::string(found);
  }
  return "";
}

absl::StatusOr<std::unique_ptr<Method>> MakeMethod(
    const google::protobuf::MethodDescriptor& descriptor) {
  auto method = std::make_unique<Method>();
  method->path = absl::StrCat("/", descriptor.service()->full_name(), "/", descriptor.name());
  method->type = descriptor.client_streaming() ? "client_stream" : "unary";
  KAM_ASSIGN_OR_RETURN(method->policy, PolicyOf(descriptor));
  method->writes = method->policy.audit() == v1::AUDIT_LEVEL_WRITE;
  const Descriptor& type = *descriptor.input_type();
  KAM_RETURN_IF_ERROR(ValidateRules(type));
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  method->request = factory->GetPrototype(&type);
  method->response = factory->GetPrototype(descriptor.output_type());
  method->request_id = Find(type, "request_id", FieldDescriptor::CPPTYPE_STRING);
  method->validate_only = Find(type, "validate_only", FieldDescriptor::CPPTYPE_BOOL);
  method->name = Find(type, "name", FieldDescriptor::CPPTYPE_STRING);
  method->parent = Find(type, "parent", FieldDescriptor::CPPTYPE_STRING);
  method->resource = FindNamed(type, /*repeated=*/false);
  method->rows = FindNamed(type, /*repeated=*/true);
  method->page_token = Find(type, "page_token", FieldDescriptor::CPPTYPE_STRING);
  return method;
}

}  // namespace kam::rpc
