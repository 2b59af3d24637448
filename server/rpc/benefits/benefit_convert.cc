#include "rpc/benefits/benefit_convert.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "model/etag.h"
#include "model/names.h"

namespace kam::rpc {
namespace {

// A cap, minimum or raise that may be absent.
template <typename Proto>
std::optional<Money> OptionalMoney(const Proto& proto, bool present,
                                   const google::type::Money& (Proto::*field)() const,
                                   absl::string_view path, Violations& violations) {
  if (!present) return std::nullopt;
  return FromProto((proto.*field)(), path, violations);
}

Money MoneyOr(const google::type::Money& proto, absl::string_view path, Violations& violations) {
  return FromProto(proto, path, violations).value_or(Money());
}

Discount DiscountFrom(const v1::Discount& proto, Violations& violations) {
  Discount discount;
  switch (proto.reduction_case()) {
    case v1::Discount::kPercent:
      discount.reduction = proto.percent();
      break;
    case v1::Discount::kAmount:
      discount.reduction = MoneyOr(proto.amount(), "benefit.discount.amount", violations);
      break;
    case v1::Discount::REDUCTION_NOT_SET:
      violations.Add("benefit.discount.reduction", "one of percent and amount must be set");
      break;
  }
  discount.cap =
      OptionalMoney(proto, proto.has_cap(), &v1::Discount::cap, "benefit.discount.cap", violations);
  discount.minimum_order =
      OptionalMoney(proto, proto.has_minimum_order(), &v1::Discount::minimum_order,
                    "benefit.discount.minimum_order", violations);
  return discount;
}

BenefitKind KindFrom(const v1::Benefit& proto, Violations& violations) {
  switch (proto.kind_case()) {
    case v1::Benefit::kDiscount:
      return DiscountFrom(proto.discount(), violations);
    case v1::Benefit::kCreditTerms:
      return CreditTerms{
          .extra_days = proto.credit_terms().extra_days(),
          .limit_raise = OptionalMoney(proto.credit_terms(), proto.credit_terms().has_limit_raise(),
                                       &v1::CreditTerms::limit_raise,
                                       "benefit.credit_terms.limit_raise", violations)};
    case v1::Benefit::kClubMembership:
      return ClubMembership{.level = proto.club_membership().level(),
                            .seats = proto.club_membership().seats()};
    case v1::Benefit::kEvent:
      return Event{.start_time = FromProto(proto.event().start_time()),
                   .seats = proto.event().seats()};
    case v1::Benefit::kPaymentMode:
      return PaymentMode{.mode = static_cast<PaymentMode::Mode>(proto.payment_mode().mode()),
                         .instalments = proto.payment_mode().instalments()};
    case v1::Benefit::kDeliveryArrangement:
      return DeliveryArrangement{.service = static_cast<DeliveryArrangement::Service>(
                                     proto.delivery_arrangement().service()),
                                 .free_freight = proto.delivery_arrangement().free_freight()};
    case v1::Benefit::kDedicatedContact:
      return DedicatedContact{.role = proto.dedicated_contact().role()};
    case v1::Benefit::KIND_NOT_SET:
      break;
  }
  violations.Add("benefit.kind",
                 "one of discount, credit_terms, club_membership, event, payment_mode, "
                 "delivery_arrangement and dedicated_contact must be set");
  return {};
}

Eligibility EligibilityFrom(const v1::Eligibility& proto, Violations& violations) {
  Eligibility eligibility;
  for (int i = 0; i < proto.tiers_size(); ++i) {
    if (proto.tiers(i) == v1::TIER_UNSPECIFIED) {
      violations.Add(absl::StrCat("benefit.eligibility.tiers[", i, "]"), "must be a tier");
    } else {
      eligibility.tiers.push_back(static_cast<Tier>(proto.tiers(i)));
    }
  }
  for (int i = 0; i < proto.pareto_classes_size(); ++i) {
    if (proto.pareto_classes(i) == v1::PARETO_CLASS_UNSPECIFIED) {
      violations.Add(absl::StrCat("benefit.eligibility.pareto_classes[", i, "]"),
                     "must be a Pareto class");
    } else {
      eligibility.pareto_classes.push_back(proto.pareto_classes(i));
    }
  }
  eligibility.criteria_met.assign(proto.criteria_met().begin(), proto.criteria_met().end());
  eligibility.min_score = proto.min_score();
  return eligibility;
}

CostModel CostFrom(const v1::CostModel& proto, Violations& violations) {
  using Kind = CostModel::Kind;
  switch (proto.model_case()) {
    case v1::CostModel::kFixed:
      return {.kind = Kind::kFixed,
              .amount = MoneyOr(proto.fixed(), "benefit.cost.fixed", violations)};
    case v1::CostModel::kPercentOfRevenue:
      return {.kind = Kind::kPercentOfRevenue, .percent = proto.percent_of_revenue()};
    case v1::CostModel::kPerOrder:
      return {.kind = Kind::kPerOrder,
              .amount = MoneyOr(proto.per_order(), "benefit.cost.per_order", violations)};
    case v1::CostModel::kAnnualCapitalRatePercent:
      return {.kind = Kind::kCapitalRate, .percent = proto.annual_capital_rate_percent()};
    case v1::CostModel::MODEL_NOT_SET:
      break;
  }
  violations.Add("benefit.cost.model",
                 "one of fixed, percent_of_revenue, per_order and annual_capital_rate_percent must "
                 "be set");
  return {};
}

ValueModel ValueFrom(const v1::ValueModel& proto, Violations& violations) {
  using Kind = ValueModel::Kind;
  switch (proto.model_case()) {
    case v1::ValueModel::kFixed:
      return {.kind = Kind::kFixed,
              .amount = MoneyOr(proto.fixed(), "benefit.value.fixed", violations)};
    case v1::ValueModel::kRevenueUpliftPercent:
      return {.kind = Kind::kRevenueUplift, .percent = proto.revenue_uplift_percent()};
    case v1::ValueModel::MODEL_NOT_SET:
      break;
  }
  violations.Add("benefit.value.model", "one of fixed and revenue_uplift_percent must be set");
  return {};
}

// Sets the kind's field of the message.
struct KindSetter {
  v1::Benefit& proto;

  void operator()(const Discount& discount) const {
    v1::Discount& out = *proto.mutable_discount();
    if (const auto* percent = std::get_if<double>(&discount.reduction)) {
      out.set_percent(*percent);
    } else {
      *out.mutable_amount() = ToProto(std::get<Money>(discount.reduction));
    }
    if (discount.cap) *out.mutable_cap() = ToProto(*discount.cap);
    if (discount.minimum_order) *out.mutable_minimum_order() = ToProto(*discount.minimum_order);
  }
  void operator()(const CreditTerms& terms) const {
    v1::CreditTerms& out = *proto.mutable_credit_terms();
    out.set_extra_days(terms.extra_days);
    if (terms.limit_raise) *out.mutable_limit_raise() = ToProto(*terms.limit_raise);
  }
  void operator()(const ClubMembership& club) const {
    proto.mutable_club_membership()->set_level(club.level);
    proto.mutable_club_membership()->set_seats(club.seats);
  }
  void operator()(const Event& event) const {
    *proto.mutable_event()->mutable_start_time() = ToProto(event.start_time);
    proto.mutable_event()->set_seats(event.seats);
  }
  void operator()(const PaymentMode& payment) const {
    v1::PaymentMode& out = *proto.mutable_payment_mode();
    out.set_mode(static_cast<v1::PaymentMode::Mode>(payment.mode));
    out.set_instalments(payment.instalments);
  }
  void operator()(const DeliveryArrangement& delivery) const {
    v1::DeliveryArrangement& out = *proto.mutable_delivery_arrangement();
    out.set_service(static_cast<v1::DeliveryArrangement::Service>(delivery.service));
    out.set_free_freight(delivery.free_freight);
  }
  void operator()(const DedicatedContact& contact) const {
    proto.mutable_dedicated_contact()->set_role(contact.role);
  }
};

v1::Eligibility EligibilityToProto(const Eligibility& eligibility) {
  v1::Eligibility proto;
  for (const Tier tier : eligibility.tiers) proto.add_tiers(static_cast<v1::Tier>(tier));
  for (const int32_t pareto_class : eligibility.pareto_classes) {
    proto.add_pareto_classes(static_cast<v1::ParetoClass>(pareto_class));
  }
  for (const std::string& id : eligibility.criteria_met) proto.add_criteria_met(id);
  proto.set_min_score(eligibility.min_score);
  return proto;
}

v1::CostModel CostModelToProto(const CostModel& cost) {
  v1::CostModel proto;
  switch (cost.kind) {
    case CostModel::Kind::kFixed:
      *proto.mutable_fixed() = ToProto(cost.amount);
      break;
    case CostModel::Kind::kPercentOfRevenue:
      proto.set_percent_of_revenue(cost.percent);
      break;
    case CostModel::Kind::kPerOrder:
      *proto.mutable_per_order() = ToProto(cost.amount);
      break;
    case CostModel::Kind::kCapitalRate:
      proto.set_annual_capital_rate_percent(cost.percent);
      break;
  }
  return proto;
}

v1::ValueModel ValueModelToProto(const ValueModel& value) {
  v1::ValueModel proto;
  if (value.kind == ValueModel::Kind::kFixed) {
    *proto.mutable_fixed() = ToProto(value.amount);
  } else {
    proto.set_revenue_uplift_percent(value.percent);
  }
  return proto;
}

}  // namespace

Benefit FromProto(const v1::Benefit& proto, Violations& violations) {
  Benefit benefit;
  benefit.display_name = proto.display_name();
  benefit.kind = KindFrom(proto, violations);
  benefit.eligibility = EligibilityFrom(proto.eligibility(), violations);
  benefit.stacking_group = proto.stacking_group();
  benefit.cost = CostFrom(proto.cost(), violations);
  benefit.value = ValueFrom(proto.value(), violations);
  benefit.validity_days = proto.validity_days();
  benefit.budget_id = LastId(proto.budget());
  return benefit;
}

v1::Benefit ToProto(const Benefit& benefit) {
  v1::Benefit proto;
  proto.set_name(BenefitName(benefit.id));
  proto.set_display_name(benefit.display_name);
  std::visit(KindSetter{proto}, benefit.kind);
  *proto.mutable_eligibility() = EligibilityToProto(benefit.eligibility);
  proto.set_stacking_group(benefit.stacking_group);
  *proto.mutable_cost() = CostModelToProto(benefit.cost);
  *proto.mutable_value() = ValueModelToProto(benefit.value);
  proto.set_validity_days(benefit.validity_days);
  proto.set_budget(BudgetName(benefit.budget_id));
  proto.set_state(static_cast<v1::Benefit::State>(benefit.state));
  *proto.mutable_create_time() = ToProto(benefit.create_time);
  *proto.mutable_update_time() = ToProto(benefit.update_time);
  proto.set_etag(EtagOf(benefit.version));
  return proto;
}

}  // namespace kam::rpc
