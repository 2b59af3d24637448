#include <libpq-fe.h>

#include "absl/cleanup/cleanup.h"
#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"
#include "store/engine/options.h"

namespace kam::store {

absl::StatusOr<std::string> MakeConninfo(const PostgresOptions& options) {
  // What the URL says goes before these.
  absl::btree_map<std::string, std::string> values = {
      {"application_name", options.application_name},
      {"connect_timeout", absl::StrCat(absl::ToInt64Seconds(options.connect_timeout))},
      // A server that vanished without a word is noticed in seconds, not in the kernel's hours.
      {"keepalives_idle", "5"},
      {"keepalives_interval", "2"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"},
  };
  char* error = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(options.url.c_str(), &error);
  const absl::Cleanup free = [&] {
    PQconninfoFree(parsed);
    PQfreemem(error);
  };
  if (parsed == nullptr) {
    // libpq's own words may hold the password.
    return absl::InvalidArgumentError(
        "the database URL is neither a libpq URL (postgresql://user@host/name) nor a conninfo");
  }
  for (const PQconninfoOption* option = parsed; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values[option->keyword] = option->val;
  }
  // As a URL with nothing but parameters, percent-encoded: SOCI takes a conninfo with quotes apart
  // and does not put it together again.
  std::string conninfo = "postgresql://";
  for (const auto& [keyword, value] : values) {
    absl::StrAppend(&conninfo, conninfo.back() == '/' ? "?" : "&", keyword, "=",
                    EscapeSegment(value));
  }
  return conninfo;
}

}  // namespace kam::store
