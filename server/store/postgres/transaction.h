#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "store/postgres/connection.h"
#include "store/postgres/soci_session.h"
#include "store/store.h"

namespace kam::store::postgres {

// The tables of one transaction on one connection; each is made when it is first asked for.
class PostgresTransaction final : public Transaction {
 public:
  PostgresTransaction(Connection& connection, absl::Time deadline)
      : session_(connection, deadline) {}

  AccountTable& accounts() override;
  HistoryTable& history() override;
  CriteriaTable& criteria() override;
  BenefitTable& benefits() override;
  PlanTable& plans() override;
  OperationTable& operations() override;
  CallLog& calls() override;

  SociSession& session() { return session_; }

 private:
  SociSession session_;
  std::unique_ptr<AccountTable> accounts_;
  std::unique_ptr<HistoryTable> history_;
  std::unique_ptr<CriteriaTable> criteria_;
  std::unique_ptr<BenefitTable> benefits_;
  std::unique_ptr<PlanTable> plans_;
  std::unique_ptr<OperationTable> operations_;
  std::unique_ptr<CallLog> calls_;
};

// The SQL that sets the timeouts of the transaction just begun by what is left until `deadline`.
std::string SetTimeouts(absl::Time deadline);

}  // namespace kam::store::postgres
