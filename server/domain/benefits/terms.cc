#include "domain/benefits/terms.h"

#include "absl/strings/str_cat.h"

namespace kam::domain {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void AddAmounts(const Message& message, absl::string_view prefix,
                std::vector<PlacedAmount>& amounts) {
  std::vector<const FieldDescriptor*> fields;  // those that are set, by number
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string path = absl::StrCat(prefix, prefix.empty() ? "" : ".", field->name());
    const Message& part = message.GetReflection()->GetMessage(message, field);
    if (field->message_type() == stored::v1::Money::descriptor()) {
      PlacedAmount placed{.path = path};
      placed.amount.CopyFrom(part);
      amounts.push_back(std::move(placed));
    } else {
      AddAmounts(part, path, amounts);
    }
  }
}

}  // namespace

std::string KindField(const BenefitTerms& terms) {
  const FieldDescriptor* field = terms.GetReflection()->GetOneofFieldDescriptor(
      terms, BenefitTerms::descriptor()->FindOneofByName("kind"));
  return field == nullptr ? "" : field->name();
}

std::vector<PlacedAmount> AmountsOf(const BenefitTerms& terms) {
  std::vector<PlacedAmount> amounts;
  AddAmounts(terms, "", amounts);
  return amounts;
}

std::string CurrencyOf(const Benefit& benefit, const Budget* budget) {
  if (budget != nullptr) return budget->currency;
  const CostModel& cost = benefit.terms.cost();
  return cost.has_per_order() ? cost.per_order().currency() : cost.fixed().currency();
}

int64_t SeatsOf(const BenefitTerms& terms) {
  if (terms.has_club_membership()) return terms.club_membership().seats();
  return terms.event().seats();
}

}  // namespace kam::domain
