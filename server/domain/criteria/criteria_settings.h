#pragma once

#include <string>

namespace kam::domain {

// What evaluations are computed with besides scorecards and facts.
struct CriteriaSettings {
  // Amounts of different accounts are added up in this currency.
  std::string reporting_currency = "USD";
  // Effective rate a year that future revenue is discounted at; .1 for 10 %.
  double annual_discount_rate = 0.10;
};

}  // namespace kam::domain
