#include "model/money.h"

#include <array>
#include <cfenv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "model/error.h"

namespace kam {
namespace {

// The active codes of ISO 4217 by their decimals; all others have two.
constexpr absl::string_view kNoDecimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr absl::string_view kThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
constexpr absl::string_view kFourDecimals = "CLF UYW";
constexpr absl::string_view kTwoDecimals =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP "
    "LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
    "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW "
    "ZWG";

constexpr int kLetters = 26;

// The place of a code of three capital letters among all there could be, or -1.
int PlaceOf(absl::string_view code) {
  if (code.size() != 3) return -1;
  int place = 0;
  for (const char letter : code) {
    if (letter < 'A' || letter > 'Z') return -1;
    place = place * kLetters + (letter - 'A');
  }
  return place;
}

// The decimals of every code, -1 for what is no currency: amounts are read by the million.
using DecimalsTable = std::array<int8_t, kLetters * kLetters * kLetters>;

const DecimalsTable& Decimals() {
  static const DecimalsTable table = [] {
    DecimalsTable made;
    made.fill(-1);
    const auto add = [&](absl::string_view codes, int8_t decimals) {
      for (size_t at = 0; at + 3 <= codes.size(); at += 4) {
        made[PlaceOf(codes.substr(at, 3))] = decimals;
      }
    };
    add(kTwoDecimals, 2);
    add(kNoDecimals, 0);
    add(kThreeDecimals, 3);
    add(kFourDecimals, 4);
    return made;
  }();
  return table;
}

absl::Status Overflow() {
  return MakeError(absl::StatusCode::kOutOfRange, "the amount does not fit into 64 bits",
                   {.reason = ErrorReason::kAmountOverflow});
}

}  // namespace

std::optional<int> CurrencyDecimals(absl::string_view code) {
  const int place = PlaceOf(code);
  const int decimals = place < 0 ? -1 : Decimals()[place];
  return decimals < 0 ? std::nullopt : std::optional<int>(decimals);
}

int64_t MinorPerUnit(absl::string_view code) {
  constexpr std::array<int64_t, 5> kPowers = {1, 10, 100, 1000, 10000};
  return kPowers[CurrencyDecimals(code).value_or(2)];
}

absl::StatusOr<int64_t> CheckedAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return Overflow();
  return sum;
}

absl::StatusOr<int64_t> RoundToMinor(double minor) {
  constexpr double kLimit = 9.2e18;
  if (!std::isfinite(minor) || std::abs(minor) > kLimit) return Overflow();
  // The default rounding mode is half to even.
  return static_cast<int64_t>(std::nearbyint(minor));
}

}  // namespace kam
