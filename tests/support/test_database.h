#pragma once

#include <memory>
#include <string>

#include "store/store.h"

namespace kam::testing {

// A database of its own, with the schema at its head, on the PostgreSQL of KAM_TEST_DATABASE_URL;
// dropped at the end together with whoever is still connected. Made as a copy of a template that is
// migrated once: some tens of milliseconds. The test ends at once when there is no PostgreSQL.
class TestDatabase {
 public:
  enum class Schema { kMigrated, kEmpty };

  explicit TestDatabase(Schema schema = Schema::kMigrated);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // A conninfo for this database.
  const std::string& url() const { return url_; }
  // A new store on it; what PostgreSQL says goes to stderr.
  std::unique_ptr<store::Store> Open(int pool_size = 4) const;
  std::unique_ptr<store::Store> Open(store::PostgresOptions options) const;

  // Runs SQL on a connection of its own, and answers the first cell ("" for none or NULL).
  std::string Sql(const std::string& sql) const;

 private:
  std::string name_;
  std::string url_;
};

}  // namespace kam::testing
