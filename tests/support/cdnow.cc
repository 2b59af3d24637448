#include "support/cdnow.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace kam::support {
namespace {

absl::StatusOr<std::vector<std::string>> ReadLines(absl::string_view name) {
  const char* directory = std::getenv("KAM_CDNOW_DIR");
  if (directory == nullptr || *directory == '\0') {
    return absl::NotFoundError(
        "KAM_CDNOW_DIR is not set: it names the folder lifetimes/datasets of the PyPI package "
        "Lifetimes 0.11.3");
  }
  const std::string path = absl::StrCat(directory, "/", name);
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot open ", path, " (KAM_CDNOW_DIR)"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(std::move(line));
  if (!lines.empty() && !lines.back().empty() && lines.back().back() == '\x1a') lines.pop_back();
  if (lines.empty()) return absl::DataLossError(absl::StrCat(path, " is empty"));
  return lines;
}

absl::Status BadLine(absl::string_view name, size_t index, absl::string_view line) {
  return absl::DataLossError(absl::StrCat(name, ":", index + 1, ": cannot read '", line, "'"));
}

// yyyymmdd.
bool ParseDay(absl::string_view text, int32_t& day) {
  int32_t date = 0;
  if (!absl::SimpleAtoi(text, &date)) return false;
  const absl::CivilDay civil(date / 10000, date / 100 % 100, date % 100);
  day = static_cast<int32_t>(civil - absl::CivilDay(1970, 1, 1));
  return true;
}

}  // namespace

std::vector<int32_t> CdnowCustomer::DaysUntil(int32_t last_day) const {
  std::vector<int32_t> days;
  for (const CdnowPurchase& purchase : purchases) {
    if (purchase.day <= last_day) days.push_back(purchase.day);
  }
  return days;
}

absl::StatusOr<std::vector<CdnowCustomer>> ReadCdnow(CdnowFile file) {
  const bool sample = file == CdnowFile::kSample;
  const absl::string_view name = sample ? "CDNOW_sample.txt" : "CDNOW_master.txt";
  absl::StatusOr<std::vector<std::string>> lines = ReadLines(name);
  if (!lines.ok()) return lines.status();
  // The sample has two ids (the master's, its own) and no header; the master one id and a header.
  const size_t id = sample ? 1 : 0;
  const size_t columns = sample ? 5 : 4;
  std::map<std::string, std::map<int32_t, double>> days_by_id;
  for (size_t i = sample ? 0 : 1; i < lines->size(); ++i) {
    const std::vector<std::string> fields =
        absl::StrSplit((*lines)[i], absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    int32_t day = 0;
    double value = 0;
    if (fields.size() != columns || !ParseDay(fields[columns - 3], day) ||
        !absl::SimpleAtod(fields[columns - 1], &value)) {
      return BadLine(name, i, (*lines)[i]);
    }
    days_by_id[fields[id]][day] += value;
  }
  std::vector<CdnowCustomer> customers;
  for (const auto& [id, days] : days_by_id) {
    CdnowCustomer& customer = customers.emplace_back(CdnowCustomer{id, {}});
    for (const auto& [day, value] : days) customer.purchases.push_back({day, value});
  }
  return customers;
}

absl::StatusOr<std::vector<CdnowSummary>> ReadCdnowSummary() {
  constexpr absl::string_view kName = "cdnow_customers_summary_with_transactions.csv";
  absl::StatusOr<std::vector<std::string>> lines = ReadLines(kName);
  if (!lines.ok()) return lines.status();
  std::vector<CdnowSummary> customers;
  for (size_t i = 1; i < lines->size(); ++i) {
    const std::vector<std::string> fields =
        absl::StrSplit((*lines)[i], absl::ByAnyChar(",\r"), absl::SkipEmpty());
    CdnowSummary customer{};
    if (fields.size() != 5 || !absl::SimpleAtoi(fields[1], &customer.repeat_purchases) ||
        !absl::SimpleAtod(fields[2], &customer.last_purchase_weeks) ||
        !absl::SimpleAtod(fields[3], &customer.observed_weeks) ||
        !absl::SimpleAtod(fields[4], &customer.mean_value)) {
      return BadLine(kName, i, (*lines)[i]);
    }
    customers.push_back(customer);
  }
  return customers;
}

}  // namespace kam::support
