#include "store/engine/session.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kam::store {
namespace {

[[noreturn]] void Defect(absl::string_view what, absl::string_view text) {
  std::fprintf(stderr, "defect in a query: %.*s: '%.*s'\n", static_cast<int>(what.size()),
               what.data(), static_cast<int>(text.size()), text.data());
  std::abort();
}

// The shortest text that reads back as the same double.
std::string DoubleText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, result.ptr);
}

int64_t ParseInt(absl::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) Defect("not a bigint", text);
  return value;
}

double ParseDouble(absl::string_view text) {
  double value = 0;
  if (!absl::SimpleAtod(text, &value)) Defect("not a double precision", text);
  return value;
}

void AppendElement(std::string& out, int64_t value) { absl::StrAppend(&out, value); }
void AppendElement(std::string& out, int32_t value) { absl::StrAppend(&out, value); }
void AppendElement(std::string& out, double value) { out += DoubleText(value); }
void AppendElement(std::string& out, const std::string& value) {
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}
template <typename T>
void AppendElement(std::string& out, const std::optional<T>& value) {
  if (value) {
    AppendElement(out, *value);
  } else {
    out += "NULL";
  }
}

template <typename Values>
std::string ArrayText(const Values& values) {
  std::string out = "{";
  for (const auto& value : values) {
    if (out.size() > 1) out += ',';
    AppendElement(out, value);
  }
  out += '}';
  return out;
}

// The elements of the text of a one-dimensional array.
std::vector<std::optional<std::string>> ParseArray(absl::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') Defect("not an array", text);
  std::vector<std::optional<std::string>> elements;
  size_t at = 1;
  const size_t end = text.size() - 1;
  while (at < end) {
    std::string element;
    const bool quoted = text[at] == '"';
    if (quoted) ++at;
    while (at < end && text[at] != (quoted ? '"' : ',')) {
      if (text[at] == '\\') ++at;
      element += text[at++];
    }
    if (quoted) ++at;
    if (!quoted && element == "NULL") {
      elements.push_back(std::nullopt);
    } else {
      elements.push_back(std::move(element));
    }
    ++at;  // the comma
  }
  return elements;
}

const std::string& Present(const std::optional<std::string>& element) {
  if (!element) Defect("NULL in an array", "");
  return *element;
}

}  // namespace

Param::Param(int64_t value) : text_(absl::StrCat(value)) {}
Param::Param(int32_t value) : text_(absl::StrCat(value)) {}
Param::Param(bool value) : text_(value ? "t" : "f") {}
Param::Param(double value) : text_(DoubleText(value)) {}
Param::Param(absl::string_view value) : text_(value) {}
Param::Param(const std::string& value) : text_(value) {}
Param::Param(const char* value) : text_(value) {}
Param::Param(absl::Time value) {
  if (value != absl::InfiniteFuture() && value != absl::InfinitePast()) {
    text_ = absl::StrCat(absl::ToUnixMicros(value));
  }
}
Param::Param(const std::vector<int64_t>& value) : text_(ArrayText(value)) {}
Param::Param(const std::vector<int32_t>& value) : text_(ArrayText(value)) {}
Param::Param(const std::vector<double>& value) : text_(ArrayText(value)) {}
Param::Param(const std::vector<std::string>& value) : text_(ArrayText(value)) {}
Param::Param(absl::Span<const std::string> value) : text_(ArrayText(value)) {}
Param::Param(const std::vector<std::optional<int64_t>>& value) : text_(ArrayText(value)) {}
Param::Param(const std::vector<std::optional<double>>& value) : text_(ArrayText(value)) {}

Param Param::Null() { return Param(); }

const std::string& Rows::Text(int row, int column) const {
  const std::optional<std::string>& cell = Cell(row, column);
  if (!cell) Defect("unexpected NULL in column", absl::StrCat(column));
  return *cell;
}

int64_t Rows::Int(int row, int column) const { return ParseInt(Text(row, column)); }

double Rows::Double(int row, int column) const { return ParseDouble(Text(row, column)); }

bool Rows::Bool(int row, int column) const {
  const std::string& text = Text(row, column);
  if (text != "t" && text != "f") Defect("not a boolean", text);
  return text == "t";
}

absl::Time Rows::Time(int row, int column) const { return absl::FromUnixMicros(Int(row, column)); }

std::optional<int64_t> Rows::OptionalInt(int row, int column) const {
  if (IsNull(row, column)) return std::nullopt;
  return Int(row, column);
}

std::vector<int64_t> Rows::Ints(int row, int column) const {
  std::vector<int64_t> values;
  if (IsNull(row, column)) return values;
  for (const auto& element : ParseArray(Text(row, column))) {
    values.push_back(ParseInt(Present(element)));
  }
  return values;
}

std::vector<int32_t> Rows::Int32s(int row, int column) const {
  const std::vector<int64_t> values = Ints(row, column);
  return std::vector<int32_t>(values.begin(), values.end());
}

std::vector<std::optional<double>> Rows::OptionalDoubles(int row, int column) const {
  std::vector<std::optional<double>> values;
  if (IsNull(row, column)) return values;
  for (const auto& element : ParseArray(Text(row, column))) {
    values.push_back(element ? std::optional<double>(ParseDouble(*element)) : std::nullopt);
  }
  return values;
}

std::vector<std::string> Rows::Texts(int row, int column) const {
  std::vector<std::string> values;
  if (IsNull(row, column)) return values;
  for (auto& element : ParseArray(Text(row, column))) values.push_back(Present(element));
  return values;
}

}  // namespace kam::store
