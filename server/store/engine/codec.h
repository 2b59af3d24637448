#pragma once

// How C++ types are kept in columns: one conversion a type, in both directions.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/enum_map.h"
#include "google/protobuf/message.h"

namespace kam::store {

// A cell as PostgreSQL writes it; nothing for NULL.
using Cell = std::optional<absl::string_view>;

// The text of one value, as a parameter or a cell of COPY; NULL is nothing.
using CellText = std::optional<std::string>;

namespace codec {

bool Parse(absl::string_view text, int64_t& value);
bool Parse(absl::string_view text, int32_t& value);
bool Parse(absl::string_view text, double& value);
bool Parse(absl::string_view text, bool& value);
std::string Text(double value);  // the shortest that reads back as the same

// Arrays: `{1,NULL,"a \"quoted\" one"}`.
void AppendElement(std::string& array, const CellText& element);
bool ParseArray(absl::string_view text, std::vector<CellText>& elements);
// The same for whole numbers, none of them NULL, without a copy of each.
bool ParseNumbers(absl::string_view text, std::vector<int64_t>& values);
bool ParseNumbers(absl::string_view text, std::vector<int32_t>& values);

// Documents: messages as proto JSON. What a newer server added is passed over.
std::string ToJson(const google::protobuf::Message& message);
bool FromJson(absl::string_view json, google::protobuf::Message& message);

}  // namespace codec

// A type has:
//   kSqlType       the type of its parameter, such as `bigint`
//   Read(column)   the expression that selects it
//   Write(param)   the expression that makes the column's value of a parameter of kSqlType
//   ToText(value)  the parameter
//   FromText(cell, value)   false when the cell is not of the type
template <typename T, typename = void>
struct Codec;

// What most types have: the column is of the parameter's type.
struct PlainCodec {
  static std::string Read(absl::string_view column) { return std::string(column); }
  static std::string Write(absl::string_view param) { return std::string(param); }
};

template <>
struct Codec<std::string> : PlainCodec {
  static constexpr absl::string_view kSqlType = "text";
  static CellText ToText(const std::string& value) { return value; }
  static bool FromText(Cell cell, std::string& value) {
    if (!cell) return false;
    value = std::string(*cell);
    return true;
  }
};

template <typename T>
struct Codec<T, std::enable_if_t<std::is_same_v<T, int64_t> || std::is_same_v<T, int32_t>>>
    : PlainCodec {
  static constexpr absl::string_view kSqlType = "bigint";
  static CellText ToText(T value) { return absl::StrCat(value); }
  static bool FromText(Cell cell, T& value) { return cell && codec::Parse(*cell, value); }
};

template <>
struct Codec<double> : PlainCodec {
  static constexpr absl::string_view kSqlType = "double precision";
  static CellText ToText(double value) { return codec::Text(value); }
  static bool FromText(Cell cell, double& value) { return cell && codec::Parse(*cell, value); }
};

template <>
struct Codec<bool> : PlainCodec {
  static constexpr absl::string_view kSqlType = "boolean";
  static CellText ToText(bool value) { return value ? "t" : "f"; }
  static bool FromText(Cell cell, bool& value) { return cell && codec::Parse(*cell, value); }
};

// bytea.
struct Bytes {
  std::string value;
};

template <>
struct Codec<Bytes> : PlainCodec {
  static constexpr absl::string_view kSqlType = "bytea";
  static CellText ToText(const Bytes& bytes) {
    return absl::StrCat("\\x", absl::BytesToHexString(bytes.value));
  }
  static bool FromText(Cell cell, Bytes& bytes) {
    if (!cell || !absl::ConsumePrefix(&*cell, "\\x")) return false;
    bytes.value = absl::HexStringToBytes(*cell);
    return true;
  }
};

// timestamptz, to the microsecond.
template <>
struct Codec<absl::Time> {
  static constexpr absl::string_view kSqlType = "bigint";
  static std::string Read(absl::string_view column) {
    return absl::StrCat("CAST(extract(epoch FROM ", column, ") * 1000000 AS bigint)");
  }
  static std::string Write(absl::string_view param) {
    return absl::StrCat("(timestamptz 'epoch' + ", param, " * interval '1 microsecond')");
  }
  static CellText ToText(absl::Time value) { return absl::StrCat(absl::ToUnixMicros(value)); }
  static bool FromText(Cell cell, absl::Time& value) {
    int64_t micros = 0;
    if (!cell || !codec::Parse(*cell, micros)) return false;
    value = absl::FromUnixMicros(micros);
    return true;
  }
};

// Enumerations with names (base/enum_map.h), by their numbers. One that is not known is an error.
template <typename E>
struct Codec<E, std::enable_if_t<std::is_enum_v<E>>> : PlainCodec {
  static_assert(kHasEnumNames<E>, "an enumeration in a column needs kEnumNames");
  static constexpr absl::string_view kSqlType = "bigint";
  static CellText ToText(E value) { return absl::StrCat(NumberOf(value)); }
  static bool FromText(Cell cell, E& value) {
    int64_t number = 0;
    if (!cell || !codec::Parse(*cell, number)) return false;
    const std::optional<E> known = EnumFromNumber<E>(number);
    if (known) value = *known;
    return known.has_value();
  }
};

// NULL for nothing.
template <typename T>
struct Codec<std::optional<T>> {
  static constexpr absl::string_view kSqlType = Codec<T>::kSqlType;
  static std::string Read(absl::string_view column) { return Codec<T>::Read(column); }
  static std::string Write(absl::string_view param) { return Codec<T>::Write(param); }
  static CellText ToText(const std::optional<T>& value) {
    return value ? Codec<T>::ToText(*value) : std::nullopt;
  }
  static bool FromText(Cell cell, std::optional<T>& value) {
    value.reset();
    return !cell || Codec<T>::FromText(cell, value.emplace());
  }
};

// An array column. As a parameter it is the array's text, so that many rows of it can be unnested.
template <typename T>
struct Codec<std::vector<T>> {
  static constexpr absl::string_view kSqlType = "text";
  static std::string Read(absl::string_view column) { return std::string(column); }
  static std::string Write(absl::string_view param) {
    return absl::StrCat("CAST(", param, " AS ", Codec<T>::kSqlType, "[])");
  }
  static CellText ToText(const std::vector<T>& values) {
    std::string array = "{";
    for (const T& value : values) codec::AppendElement(array, Codec<T>::ToText(value));
    array += '}';
    return array;
  }
  static bool FromText(Cell cell, std::vector<T>& values) {
    values.clear();
    if constexpr (std::is_same_v<T, int64_t> || std::is_same_v<T, int32_t>) {
      return cell && codec::ParseNumbers(*cell, values);
    }
    std::vector<CellText> elements;
    if (!cell || !codec::ParseArray(*cell, elements)) return false;
    values.resize(elements.size());
    for (size_t i = 0; i < elements.size(); ++i) {
      Cell element;
      if (elements[i]) element = *elements[i];
      if (!Codec<T>::FromText(element, values[i])) return false;
    }
    return true;
  }
};

// An array column of as many elements as the member has; one of another length is an error.
template <typename T, size_t kSize>
struct Codec<std::array<T, kSize>> {
  static constexpr absl::string_view kSqlType = Codec<std::vector<T>>::kSqlType;
  static std::string Read(absl::string_view column) { return Codec<std::vector<T>>::Read(column); }
  static std::string Write(absl::string_view param) { return Codec<std::vector<T>>::Write(param); }
  static CellText ToText(const std::array<T, kSize>& values) {
    return Codec<std::vector<T>>::ToText(std::vector<T>(values.begin(), values.end()));
  }
  static bool FromText(Cell cell, std::array<T, kSize>& values) {
    std::vector<T> elements;
    if (!Codec<std::vector<T>>::FromText(cell, elements) || elements.size() != kSize) return false;
    std::move(elements.begin(), elements.end(), values.begin());
    return true;
  }
};

// Documents (protos/kam/stored/v1) in jsonb.
template <typename M>
struct Codec<M, std::enable_if_t<std::is_base_of_v<google::protobuf::Message, M>>> {
  static constexpr absl::string_view kSqlType = "text";
  static std::string Read(absl::string_view column) { return std::string(column); }
  static std::string Write(absl::string_view param) {
    return absl::StrCat("CAST(", param, " AS jsonb)");
  }
  static CellText ToText(const M& message) { return codec::ToJson(message); }
  static bool FromText(Cell cell, M& message) { return cell && codec::FromJson(*cell, message); }
};

}  // namespace kam::store
