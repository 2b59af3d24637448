#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "model/criteria/scorecard.h"
#include "model/money.h"

namespace kam {

struct Discount {
  std::variant<double, Money> reduction;  // percent, or an amount an order
  std::optional<Money> cap;
  std::optional<Money> minimum_order;

  friend bool operator==(const Discount&, const Discount&) = default;
};

struct CreditTerms {
  int32_t extra_days = 0;
  std::optional<Money> limit_raise;

  friend bool operator==(const CreditTerms&, const CreditTerms&) = default;
};

struct ClubMembership {
  std::string level;
  int32_t seats = 1;

  friend bool operator==(const ClubMembership&, const ClubMembership&) = default;
};

struct Event {
  absl::Time start_time;
  int32_t seats = 1;

  friend bool operator==(const Event&, const Event&) = default;
};

struct PaymentMode {
  enum class Mode { kConsolidatedInvoice = 1, kInstalments = 2, kOpenAccount = 3 };

  Mode mode = Mode::kConsolidatedInvoice;
  int32_t instalments = 0;

  friend bool operator==(const PaymentMode&, const PaymentMode&) = default;
};

struct DeliveryArrangement {
  enum class Service { kExpress = 1, kReservedSlot = 2, kPremium = 3 };

  Service service = Service::kExpress;
  bool free_freight = false;

  friend bool operator==(const DeliveryArrangement&, const DeliveryArrangement&) = default;
};

struct DedicatedContact {
  std::string role;

  friend bool operator==(const DedicatedContact&, const DedicatedContact&) = default;
};

using BenefitKind = std::variant<Discount, CreditTerms, ClubMembership, Event, PaymentMode,
                                 DeliveryArrangement, DedicatedContact>;

// Who may have a benefit; all that is set must hold.
struct Eligibility {
  std::vector<Tier> tiers;
  std::vector<int32_t> pareto_classes;  // 1 A, 2 B, 3 C
  std::vector<std::string> criteria_met;
  double min_score = 0;

  friend bool operator==(const Eligibility&, const Eligibility&) = default;
};

struct CostModel {
  enum class Kind { kFixed = 1, kPercentOfRevenue = 2, kPerOrder = 3, kCapitalRate = 4 };

  Kind kind = Kind::kFixed;
  Money amount;        // for kFixed and kPerOrder
  double percent = 0;  // for the others

  friend bool operator==(const CostModel&, const CostModel&) = default;
};

struct ValueModel {
  enum class Kind { kFixed = 1, kRevenueUplift = 2 };

  Kind kind = Kind::kFixed;
  Money amount;
  double percent = 0;

  friend bool operator==(const ValueModel&, const ValueModel&) = default;
};

enum class BenefitState { kDraft = 1, kActive = 2, kRetired = 3 };

// An entry of the catalogue.
struct Benefit {
  std::string id;
  std::string display_name;
  BenefitKind kind;
  Eligibility eligibility;
  std::string stacking_group;
  CostModel cost;
  ValueModel value;
  int32_t validity_days = 0;
  std::string budget_id;  // or empty
  BenefitState state = BenefitState::kDraft;
  bool was_activated = false;
  int64_t version = 0;  // the etag is made of it
  absl::Time create_time;
  absl::Time update_time;
};

}  // namespace kam
