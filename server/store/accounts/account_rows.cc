#include "store/accounts/account_rows.h"

#include <map>

#include "nlohmann/json.hpp"

namespace kam::store {

using nlohmann::json;

Account ReadAccount(const Rows& rows, int row) {
  Account account;
  AccountContent& content = account.content;
  account.id = rows.Text(row, 0);
  content.display_name = rows.Text(row, 1);
  content.parent_id = rows.Text(row, 2);
  if (const std::string& ids = rows.Text(row, 3); ids != "[]") {
    for (const json& pair : json::parse(ids)) content.external_ids.push_back({pair[0], pair[1]});
  }
  content.currency = rows.Text(row, 4);
  content.industry = rows.Text(row, 5);
  content.declared_annual_spend = rows.OptionalInt(row, 6);
  content.marketing_budget = rows.OptionalInt(row, 7);
  if (const std::string& labels = rows.Text(row, 8); labels != "{}") {
    content.labels = json::parse(labels).get<std::map<std::string, std::string>>();
  }
  account.version = rows.Int(row, 9);
  account.create_time = rows.Time(row, 10);
  account.update_time = rows.Time(row, 11);
  account.delete_time = rows.OptionalTime(row, 12);
  return account;
}

std::vector<Account> ReadAccounts(const Rows& rows) {
  std::vector<Account> accounts;
  accounts.reserve(rows.size());
  for (int row = 0; row < rows.size(); ++row) accounts.push_back(ReadAccount(rows, row));
  return accounts;
}

std::string ExternalIdsJson(const std::vector<ExternalId>& ids) {
  json array = json::array();
  for (const ExternalId& id : ids) array.push_back({id.system, id.id});
  return array.dump();
}

std::string LabelsJson(const AccountContent& content) {
  return content.labels.empty() ? "{}" : json(content.labels).dump();
}

}  // namespace kam::store
