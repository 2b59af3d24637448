#include "rpc/pipeline/request_view.h"

#include "absl/strings/escaping.h"
#include "google/protobuf/descriptor.h"
#include "rpc/pipeline/digest.h"

namespace kam::rpc {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string StringField(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  return request.GetReflection()->GetString(request, field);
}

bool IsValidateOnly(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

std::string HashOf(const Message& request) {
  return absl::BytesToHexString(Sha256(DeterministicBytes(request)));
}

std::string ResourceOf(const Message& request, const Message& response) {
  for (const Message* message : {&response, &request}) {
    if (std::string name = StringField(*message, "name"); !name.empty()) return name;
  }
  return StringField(request, "parent");
}

}  // namespace kam::rpc
