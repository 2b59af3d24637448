#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/accounts/account.h"
#include "model/page.h"

namespace kam::store {

// Accounts and their external ids. Part of a Transaction; same lifetime and thread.
class AccountTable {
 public:
  virtual ~AccountTable() = default;

  // Adds a new account with its external ids. ALREADY_EXISTS (kResourceAlreadyExists,
  // kExternalIdTaken).
  virtual absl::Status Insert(const Account& account) = 0;
  // Adds those of `accounts` whose id is free and answers the ids that were added; the caller has
  // made sure that no external id is taken. ALREADY_EXISTS (kExternalIdTaken) on a race.
  virtual absl::StatusOr<std::vector<std::string>> InsertNew(
      absl::Span<const Account> accounts) = 0;
  // Answers the accounts found, in no order; also deleted ones.
  virtual absl::StatusOr<std::vector<Account>> Find(absl::Span<const std::string> ids) = 0;
  // Answers one account, also a deleted one. NOT_FOUND.
  virtual absl::StatusOr<Account> Get(absl::string_view id) = 0;
  // The same, locked against other writers until the transaction ends. NOT_FOUND.
  virtual absl::StatusOr<Account> GetForUpdate(absl::string_view id) = 0;
  // Answers the accounts found, locked in the order of their ids until the transaction ends.
  virtual absl::StatusOr<std::vector<Account>> FindForUpdate(absl::Span<const std::string> ids) = 0;
  // Replaces everything but id and create_time. NOT_FOUND; ALREADY_EXISTS (kExternalIdTaken).
  virtual absl::Status Update(const Account& account) = 0;
  // The id of the account that has an external id. NOT_FOUND.
  virtual absl::StatusOr<std::string> FindByExternalId(const ExternalId& external_id) = 0;
  // Which of these external ids are taken, with the account id that has each.
  virtual absl::StatusOr<std::vector<std::pair<ExternalId, std::string>>> FindTaken(
      absl::Span<const ExternalId> external_ids) = 0;
  // The ids of `id` and its ancestors, nearest first; stops at a missing one.
  virtual absl::StatusOr<std::vector<std::string>> Ancestry(absl::string_view id) = 0;
  // One page, in the order of the query.
  virtual absl::StatusOr<Page<Account>> List(const AccountQuery& query,
                                             const PageRequest& page) = 0;
};

}  // namespace kam::store
