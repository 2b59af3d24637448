#include "store/engine/session.h"

#include <string>

#include "base/status_macros.h"
#include "store/engine/connection.h"
#include "store/engine/sqlstate.h"

namespace kam::store {

absl::Status Session::Ready() {
  if (connection_.failure() != Failure::kNone) return connection_.failure_status();
  if (!deadline_.passed()) return absl::OkStatus();
  out_of_time_ = true;
  return DeadlineExceeded();
}

absl::StatusOr<Rows> Session::Query(absl::string_view sql, const std::vector<Param>& params) {
  KAM_RETURN_IF_ERROR(Ready());
  return connection_.Run(sql, params, nullptr);
}

absl::StatusOr<int64_t> Session::Execute(absl::string_view sql, const std::vector<Param>& params) {
  KAM_RETURN_IF_ERROR(Ready());
  int64_t affected = 0;
  KAM_RETURN_IF_ERROR(connection_.Run(sql, params, &affected).status());
  return affected;
}

absl::Status Session::CopyOut(absl::string_view sql,
                              absl::FunctionRef<absl::Status(CopyRow)> visit) {
  KAM_RETURN_IF_ERROR(Ready());
  KAM_RETURN_IF_ERROR(connection_.RunScript("SET LOCAL enable_seqscan = on").status());
  return connection_.CopyOut(std::string(sql), visit);
}

absl::Status Session::CopyIn(absl::string_view sql, absl::Span<const Param> cells, int columns) {
  KAM_RETURN_IF_ERROR(Ready());
  return connection_.CopyIn(std::string(sql), cells, columns);
}

}  // namespace kam::store
