#include "store/benefits/benefit_json.h"

#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "model/error.h"
#include "nlohmann/json.hpp"

namespace kam::store {
namespace {

using nlohmann::json;

json JsonOf(const Money& money) { return {{"minor", money.minor}, {"currency", money.currency}}; }

Money MoneyOf(const json& value) {
  return {value.at("minor").get<int64_t>(), value.at("currency").get<std::string>()};
}

void PutOptional(json& object, const char* key, const std::optional<Money>& money) {
  if (money) object[key] = JsonOf(*money);
}

std::optional<Money> OptionalMoney(const json& object, const char* key) {
  if (!object.contains(key)) return std::nullopt;
  return MoneyOf(object.at(key));
}

// Parses and reads; nlohmann's exceptions end here.
template <typename T>
absl::StatusOr<T> Read(const std::string& text, absl::FunctionRef<T(const json&)> read) {
  try {
    return read(json::parse(text));
  } catch (const json::exception&) {
    return Internal("a benefit's row holds a form this server does not know");
  }
}

struct KindWriter {
  json operator()(const Discount& discount) const {
    json object = json::object();
    if (const auto* percent = std::get_if<double>(&discount.reduction)) {
      object["percent"] = *percent;
    } else {
      object["amount"] = JsonOf(std::get<Money>(discount.reduction));
    }
    PutOptional(object, "cap", discount.cap);
    PutOptional(object, "minimum_order", discount.minimum_order);
    return {{"discount", object}};
  }
  json operator()(const CreditTerms& terms) const {
    json object = {{"extra_days", terms.extra_days}};
    PutOptional(object, "limit_raise", terms.limit_raise);
    return {{"credit_terms", object}};
  }
  json operator()(const ClubMembership& club) const {
    return {{"club_membership", {{"level", club.level}, {"seats", club.seats}}}};
  }
  json operator()(const Event& event) const {
    return {{"event",
             {{"start_time_us", absl::ToUnixMicros(event.start_time)}, {"seats", event.seats}}}};
  }
  json operator()(const PaymentMode& payment) const {
    return {{"payment_mode",
             {{"mode", static_cast<int>(payment.mode)}, {"instalments", payment.instalments}}}};
  }
  json operator()(const DeliveryArrangement& delivery) const {
    return {{"delivery_arrangement",
             {{"service", static_cast<int>(delivery.service)},
              {"free_freight", delivery.free_freight}}}};
  }
  json operator()(const DedicatedContact& contact) const {
    return {{"dedicated_contact", {{"role", contact.role}}}};
  }
};

Discount ReadDiscount(const json& object) {
  Discount discount;
  if (object.contains("percent")) {
    discount.reduction = object.at("percent").get<double>();
  } else {
    discount.reduction = MoneyOf(object.at("amount"));
  }
  discount.cap = OptionalMoney(object, "cap");
  discount.minimum_order = OptionalMoney(object, "minimum_order");
  return discount;
}

BenefitKind ReadKind(const json& value) {
  const auto item = value.begin();
  const std::string& field = item.key();
  const json& object = item.value();
  if (field == "discount") return ReadDiscount(object);
  if (field == "credit_terms") {
    return CreditTerms{.extra_days = object.at("extra_days").get<int32_t>(),
                       .limit_raise = OptionalMoney(object, "limit_raise")};
  }
  if (field == "club_membership") {
    return ClubMembership{.level = object.at("level").get<std::string>(),
                          .seats = object.at("seats").get<int32_t>()};
  }
  if (field == "event") {
    return Event{.start_time = absl::FromUnixMicros(object.at("start_time_us").get<int64_t>()),
                 .seats = object.at("seats").get<int32_t>()};
  }
  if (field == "payment_mode") {
    return PaymentMode{.mode = static_cast<PaymentMode::Mode>(object.at("mode").get<int>()),
                       .instalments = object.at("instalments").get<int32_t>()};
  }
  if (field == "delivery_arrangement") {
    return DeliveryArrangement{
        .service = static_cast<DeliveryArrangement::Service>(object.at("service").get<int>()),
        .free_freight = object.at("free_freight").get<bool>()};
  }
  return DedicatedContact{.role = object.at("role").get<std::string>()};
}

// A model is an amount or a percentage, as its kind says.
template <typename Model>
json JsonOfModel(const Model& model, bool has_amount) {
  json object = {{"kind", static_cast<int>(model.kind)}};
  if (has_amount) {
    object["amount"] = JsonOf(model.amount);
  } else {
    object["percent"] = model.percent;
  }
  return object;
}

template <typename Model>
Model ReadModel(const json& object) {
  Model model;
  model.kind = static_cast<typename Model::Kind>(object.at("kind").get<int>());
  if (object.contains("amount")) {
    model.amount = MoneyOf(object.at("amount"));
  } else {
    model.percent = object.at("percent").get<double>();
  }
  return model;
}

}  // namespace

std::string ToJson(const BenefitKind& kind) { return std::visit(KindWriter(), kind).dump(); }

absl::StatusOr<BenefitKind> BenefitKindFromJson(const std::string& text) {
  return Read<BenefitKind>(text, ReadKind);
}

std::string ToJson(const Eligibility& eligibility) {
  json tiers = json::array();
  for (const Tier tier : eligibility.tiers) tiers.push_back(static_cast<int>(tier));
  return json{{"tiers", tiers},
              {"pareto_classes", eligibility.pareto_classes},
              {"criteria_met", eligibility.criteria_met},
              {"min_score", eligibility.min_score}}
      .dump();
}

absl::StatusOr<Eligibility> EligibilityFromJson(const std::string& text) {
  return Read<Eligibility>(text, [](const json& object) {
    Eligibility eligibility;
    for (const json& tier : object.at("tiers")) {
      eligibility.tiers.push_back(static_cast<Tier>(tier.get<int>()));
    }
    eligibility.pareto_classes = object.at("pareto_classes").get<std::vector<int32_t>>();
    eligibility.criteria_met = object.at("criteria_met").get<std::vector<std::string>>();
    eligibility.min_score = object.at("min_score").get<double>();
    return eligibility;
  });
}

std::string ToJson(const CostModel& cost) {
  using Kind = CostModel::Kind;
  return JsonOfModel(cost, cost.kind == Kind::kFixed || cost.kind == Kind::kPerOrder).dump();
}

absl::StatusOr<CostModel> CostModelFromJson(const std::string& text) {
  return Read<CostModel>(text, ReadModel<CostModel>);
}

std::string ToJson(const ValueModel& value) {
  return JsonOfModel(value, value.kind == ValueModel::Kind::kFixed).dump();
}

absl::StatusOr<ValueModel> ValueModelFromJson(const std::string& text) {
  return Read<ValueModel>(text, ReadModel<ValueModel>);
}

}  // namespace kam::store
