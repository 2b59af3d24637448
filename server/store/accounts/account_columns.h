#pragma once

// How accounts are kept: for the files of this folder.

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "model/accounts/account.h"
#include "model/accounts/names.h"
#include "model/changes/change.h"
#include "store/engine/columns.h"

namespace kam::store {

namespace account_codec {

// Pairs as an array of text: first, second, first, second, …
using Pairs = std::vector<std::pair<std::string, std::string>>;
CellText ToText(const Pairs& pairs);
bool FromText(Cell cell, Pairs& pairs);

}  // namespace account_codec

// text[]: system, id, system, id, …
template <>
struct Codec<std::vector<ExternalId>> {
  static constexpr absl::string_view kSqlType = "text";
  static std::string Read(absl::string_view column) { return std::string(column); }
  static std::string Write(absl::string_view param) {
    return absl::StrCat("CAST(", param, " AS text[])");
  }
  static CellText ToText(const std::vector<ExternalId>& ids);
  static bool FromText(Cell cell, std::vector<ExternalId>& ids);
};

// A jsonb object of strings; between us and PostgreSQL it is an array of keys and values.
template <>
struct Codec<std::map<std::string, std::string>> {
  static constexpr absl::string_view kSqlType = "text";
  static std::string Read(absl::string_view column) {
    return absl::StrCat("ARRAY(SELECT unnest(ARRAY[key, value]) FROM jsonb_each_text(", column,
                        "))");
  }
  static std::string Write(absl::string_view param) {
    return absl::StrCat("jsonb_object(CAST(", param, " AS text[]))");
  }
  static CellText ToText(const std::map<std::string, std::string>& values);
  static bool FromText(Cell cell, std::map<std::string, std::string>& values);
};

template <>
struct Columns<Account> {
  static constexpr absl::string_view kTable = "accounts";
  static constexpr auto kList = std::tuple(
      Key("account_id", &Account::id),
      Column("display_name", &Account::content, &AccountContent::display_name),
      Column("parent_id", &Account::content, &AccountContent::parent_id),
      Column("external_ids", &Account::content, &AccountContent::external_ids),
      Column("currency", &Account::content, &AccountContent::currency),
      Column("industry", &Account::content, &AccountContent::industry),
      Column("declared_annual_spend", &Account::content, &AccountContent::declared_annual_spend),
      Column("marketing_budget", &Account::content, &AccountContent::marketing_budget),
      Column("labels", &Account::content, &AccountContent::labels),
      Column("version", &Account::version), Column("create_time", &Account::create_time),
      Column("update_time", &Account::update_time), Column("delete_time", &Account::delete_time));

  static Change ChangeOf(const Account& account) {
    return {.resource = AccountName{account.id}.ToString(),
            .account_id = account.id,
            .version = account.version};
  }
};

}  // namespace kam::store
