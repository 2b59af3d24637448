#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "store/postgres/connection.h"
#include "store/postgres/session.h"

namespace kam::store::postgres {

// A connection inside one transaction, until a deadline. After the first failure the transaction is
// over: every further statement answers that failure without asking PostgreSQL.
class SociSession final : public Session {
 public:
  SociSession(Connection& connection, absl::Time deadline)
      : connection_(connection), deadline_(deadline) {}

  absl::StatusOr<Rows> Query(absl::string_view sql, const std::vector<Param>& params) override;
  absl::StatusOr<int64_t> Execute(absl::string_view sql, const std::vector<Param>& params) override;
  absl::Status CopyOut(absl::string_view sql,
                       absl::FunctionRef<absl::Status(CopyRow)> visit) override;
  absl::Status CopyIn(absl::string_view sql, absl::Span<const Param> cells, int columns) override;

  // Whether a statement was refused because the deadline had passed.
  bool out_of_time() const { return out_of_time_; }

 private:
  absl::Status Ready();

  Connection& connection_;
  const absl::Time deadline_;
  bool out_of_time_ = false;
};

}  // namespace kam::store::postgres
