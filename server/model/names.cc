#include "model/names.h"

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kam {
namespace {

constexpr size_t kMaxOrderIdCharacters = 128;
constexpr size_t kMaxIdCharacters = 63;
constexpr char kHexDigits[] = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '~' ||
         c == '-';
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The id behind an escaped segment; false when the escaping is malformed.
bool Unescape(absl::string_view segment, std::string& id) {
  id.clear();
  for (size_t at = 0; at < segment.size(); ++at) {
    if (IsUnreserved(segment[at])) {
      id.push_back(segment[at]);
      continue;
    }
    if (segment[at] != '%' || at + 2 >= segment.size()) return false;
    const int high = HexValue(segment[at + 1]);
    const int low = HexValue(segment[at + 2]);
    if (high < 0 || low < 0) return false;
    id.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  return true;
}

bool IsPlainId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdCharacters || id[0] == '-') return false;
  for (const char c : id) {
    if (!absl::ascii_islower(static_cast<unsigned char>(c)) &&
        !absl::ascii_isdigit(static_cast<unsigned char>(c)) && c != '-') {
      return false;
    }
  }
  return true;
}

bool IsNumber(absl::string_view id) {
  if (id.empty() || id.size() > 9 || id[0] == '0') return false;
  for (const char c : id) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool IsOrderId(absl::string_view segment) {
  std::string id;
  if (!Unescape(segment, id) || id.empty() || id.size() > kMaxOrderIdCharacters) return false;
  for (const char c : id) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// `what` is the text between the braces of a pattern's segment.
bool Accepts(absl::string_view what, absl::string_view segment) {
  if (what == "order") return IsOrderId(segment);
  if (what == "number" || what == "entry") return IsNumber(segment);
  if (absl::EndsWith(what, "_or_dash") && segment == "-") return true;
  return IsPlainId(segment);
}

bool MatchesOne(absl::string_view name, absl::string_view pattern) {
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  const std::vector<absl::string_view> wanted = absl::StrSplit(pattern, '/');
  if (segments.size() != wanted.size()) return false;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (absl::StartsWith(wanted[i], "{")) {
      if (!Accepts(wanted[i].substr(1, wanted[i].size() - 2), segments[i])) return false;
    } else if (segments[i] != wanted[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string EscapeSegment(absl::string_view id) {
  std::string escaped;
  for (const char c : id) {
    if (IsUnreserved(c)) {
      escaped.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped.push_back('%');
      escaped.push_back(kHexDigits[byte >> 4]);
      escaped.push_back(kHexDigits[byte & 15]);
    }
  }
  return escaped;
}

std::string AccountName(absl::string_view account) { return absl::StrCat("accounts/", account); }

std::string OrderName(absl::string_view account, absl::string_view order) {
  return absl::StrCat("accounts/", account, "/orders/", EscapeSegment(order));
}

std::string ScorecardName(absl::string_view scorecard) {
  return absl::StrCat("scorecards/", scorecard);
}

std::string RevisionName(absl::string_view scorecard, int32_t number) {
  return absl::StrCat("scorecards/", scorecard, "/revisions/", number);
}

std::string LifetimeModelName(int32_t number) {
  return number == 0 ? "" : absl::StrCat("lifetimeModels/", number);
}

std::string EvaluationName(absl::string_view evaluation) {
  return evaluation.empty() ? "" : absl::StrCat("evaluations/", evaluation);
}

std::string AssessmentName(absl::string_view account, absl::string_view evaluation) {
  return absl::StrCat("accounts/", account, "/assessments/", evaluation);
}

std::string BenefitName(absl::string_view benefit) { return absl::StrCat("benefits/", benefit); }

std::string BudgetName(absl::string_view budget) {
  return budget.empty() ? "" : absl::StrCat("budgets/", budget);
}

std::string BudgetEntryName(absl::string_view budget, int64_t number) {
  return absl::StrCat("budgets/", budget, "/entries/", number);
}

std::string EntitlementName(absl::string_view account, absl::string_view entitlement) {
  return absl::StrCat("accounts/", account, "/entitlements/", entitlement);
}

std::string PlanName(absl::string_view plan) {
  return plan.empty() ? "" : absl::StrCat("allocationPlans/", plan);
}

std::string OperationName(absl::string_view operation) {
  return absl::StrCat("operations/", operation);
}

bool MatchesResourcePattern(absl::string_view name, absl::string_view pattern) {
  for (const absl::string_view one : absl::StrSplit(pattern, " | ")) {
    if (MatchesOne(name, one)) return true;
  }
  return false;
}

std::vector<std::string> IdsOf(absl::string_view name) {
  std::vector<std::string> ids;
  if (name.empty()) return ids;
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  for (size_t i = 1; i < segments.size(); i += 2) {
    std::string id;
    if (!Unescape(segments[i], id)) id = std::string(segments[i]);
    ids.push_back(std::move(id));
  }
  return ids;
}

std::string LastId(absl::string_view name) {
  std::vector<std::string> ids = IdsOf(name);
  return ids.empty() ? "" : std::move(ids.back());
}

int32_t LastNumber(absl::string_view name) {
  const std::string id = LastId(name);
  int32_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? number : 0;
}

}  // namespace kam
