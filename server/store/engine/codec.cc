#include "store/engine/codec.h"

#include <charconv>
#include <cmath>

#include "absl/strings/numbers.h"
#include "google/protobuf/util/json_util.h"

namespace kam::store::codec {
namespace {

template <typename Int>
bool ParseInt(absl::string_view text, Int& value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

template <typename Int>
bool ParseAll(absl::string_view text, std::vector<Int>& values) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  const char* at = text.data() + 1;
  const char* const end = text.data() + text.size() - 1;
  while (at != end) {
    Int value = 0;
    const auto parsed = std::from_chars(at, end, value);
    if (parsed.ec != std::errc()) return false;
    values.push_back(value);
    at = parsed.ptr;
    if (at == end) break;
    if (*at != ',' || ++at == end) return false;
  }
  return true;
}

}  // namespace

bool ParseNumbers(absl::string_view text, std::vector<int64_t>& values) {
  return ParseAll(text, values);
}
bool ParseNumbers(absl::string_view text, std::vector<int32_t>& values) {
  return ParseAll(text, values);
}

bool Parse(absl::string_view text, int64_t& value) { return ParseInt(text, value); }
bool Parse(absl::string_view text, int32_t& value) { return ParseInt(text, value); }
bool Parse(absl::string_view text, double& value) { return absl::SimpleAtod(text, &value); }

bool Parse(absl::string_view text, bool& value) {
  value = text == "t";
  return text == "t" || text == "f";
}

std::string Text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, result.ptr);
}

void AppendElement(std::string& array, const CellText& element) {
  if (array.size() > 1) array += ',';
  if (!element) {
    array += "NULL";
    return;
  }
  array += '"';
  for (const char c : *element) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

bool ParseArray(absl::string_view text, std::vector<CellText>& elements) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  const size_t end = text.size() - 1;
  for (size_t at = 1; at < end; ++at) {  // past a comma
    std::string element;
    const bool quoted = text[at] == '"';
    if (quoted) ++at;
    while (at < end && text[at] != (quoted ? '"' : ',')) {
      if (text[at] == '\\' && at + 1 < end) ++at;
      element += text[at++];
    }
    if (quoted && at >= end) return false;
    if (quoted) ++at;
    const bool null = !quoted && element == "NULL";
    elements.push_back(null ? CellText() : CellText(std::move(element)));
  }
  return true;
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails only on a message that holds invalid UTF-8 or an Any of an unknown type: no document
  // does.
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) json = "null";
  return json;
}

bool FromJson(absl::string_view json, google::protobuf::Message& message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  message.Clear();
  return google::protobuf::util::JsonStringToMessage(
             google::protobuf::StringPiece(json.data(), json.size()), &message, options)
      .ok();
}

}  // namespace kam::store::codec
