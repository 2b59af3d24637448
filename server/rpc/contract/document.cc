#include "rpc/contract/document.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kam/stored/v1/money.pb.h"

namespace kam::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One field of a message; of a repeated one, one element after the other.
class FieldCopy {
 public:
  FieldCopy(const Message& from, const FieldDescriptor* source, Message& to,
            const FieldDescriptor* target, Violations& violations)
      : from_(from), source_(source), to_(to), target_(target), violations_(violations) {}

  void Copy(const std::string& path) {
    if (!source_->is_repeated()) return CopyOne(-1, path);
    const int size = from_.GetReflection()->FieldSize(from_, source_);
    for (int i = 0; i < size; ++i) CopyOne(i, absl::StrCat(path, "[", i, "]"));
  }

 private:
  // Calls `get(from, field[, index])` and `set` or `add` with what it answers.
  template <typename Get, typename GetRepeated, typename Set, typename Add>
  void Move(int index, Get get, GetRepeated get_repeated, Set set, Add add) {
    const auto& reader = *from_.GetReflection();
    const auto& writer = *to_.GetReflection();
    if (index < 0) {
      (writer.*set)(&to_, target_, (reader.*get)(from_, source_));
    } else {
      (writer.*add)(&to_, target_, (reader.*get_repeated)(from_, source_, index));
    }
  }

  void CopyOne(int index, const std::string& path) {
    using R = google::protobuf::Reflection;
    switch (source_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return CopyMessage(index, path);
      case FieldDescriptor::CPPTYPE_ENUM:
        return CopyEnum(index, path);
      case FieldDescriptor::CPPTYPE_INT32:
        return Move(index, &R::GetInt32, &R::GetRepeatedInt32, &R::SetInt32, &R::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return Move(index, &R::GetInt64, &R::GetRepeatedInt64, &R::SetInt64, &R::AddInt64);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Move(index, &R::GetDouble, &R::GetRepeatedDouble, &R::SetDouble, &R::AddDouble);
      case FieldDescriptor::CPPTYPE_BOOL:
        return Move(index, &R::GetBool, &R::GetRepeatedBool, &R::SetBool, &R::AddBool);
      case FieldDescriptor::CPPTYPE_STRING:
        return Move(index, &R::GetString, &R::GetRepeatedString, &R::SetString, &R::AddString);
      default:
        return violations_.Add(path, "is of a type that is not kept");
    }
  }

  void CopyEnum(int index, const std::string& path) {
    const int number = index < 0
                           ? from_.GetReflection()->GetEnumValue(from_, source_)
                           : from_.GetReflection()->GetRepeatedEnumValue(from_, source_, index);
    if (number == 0 || target_->enum_type()->FindValueByNumber(number) == nullptr) {
      return violations_.Add(path, "must be one of the values that the contract names");
    }
    if (index < 0) {
      to_.GetReflection()->SetEnumValue(&to_, target_, number);
    } else {
      to_.GetReflection()->AddEnumValue(&to_, target_, number);
    }
  }

  void CopyMessage(int index, const std::string& path);

  const Message& from_;
  const FieldDescriptor* source_;
  Message& to_;
  const FieldDescriptor* target_;
  Violations& violations_;
};

void CopyFields(const Message& from, const std::string& path, Message& to, Violations& violations) {
  std::vector<const FieldDescriptor*> fields;  // those that are set
  from.GetReflection()->ListFields(from, &fields);
  for (const FieldDescriptor* source : fields) {
    const FieldDescriptor* target = to.GetDescriptor()->FindFieldByName(source->name());
    if (target == nullptr || target->cpp_type() != source->cpp_type() ||
        target->is_repeated() != source->is_repeated()) {
      continue;
    }
    FieldCopy(from, source, to, target, violations)
        .Copy(absl::StrCat(path, path.empty() ? "" : ".", source->name()));
  }
}

void FieldCopy::CopyMessage(int index, const std::string& path) {
  const Message& part = index < 0
                            ? from_.GetReflection()->GetMessage(from_, source_)
                            : from_.GetReflection()->GetRepeatedMessage(from_, source_, index);
  Message& copy = index < 0 ? *to_.GetReflection()->MutableMessage(&to_, target_)
                            : *to_.GetReflection()->AddMessage(&to_, target_);
  const auto* amount = dynamic_cast<const google::type::Money*>(&part);
  const auto* kept = dynamic_cast<const stored::v1::Money*>(&part);
  if (part.GetDescriptor() == copy.GetDescriptor()) {
    copy.CopyFrom(part);
  } else if (amount != nullptr) {
    const std::optional<Money> money = FromProto(*amount, path, violations_);
    if (!money) return;
    auto& stored = dynamic_cast<stored::v1::Money&>(copy);
    stored.set_minor(money->minor);
    stored.set_currency(money->currency);
  } else if (kept != nullptr) {
    dynamic_cast<google::type::Money&>(copy) = MoneyToProto(kept->minor(), kept->currency());
  } else {
    CopyFields(part, path, copy, violations_);
  }
}

}  // namespace

void ToDocument(const Message& from, absl::string_view path, Message& to, Violations& violations) {
  CopyFields(from, std::string(path), to, violations);
}

void FromDocument(const Message& from, Message& to) {
  Violations none;
  CopyFields(from, "", to, none);
}

}  // namespace kam::rpc
