#include "rpc/accounts/account_service.h"
#include "rpc/invoke.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/accounts/accounts.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto details = GetErrorDetails(status).value_or(ErrorDetails());
  for (const FieldViolation& violation : details.fields) fields.push_back(violation.field);
  return fields;
}

class AccountServiceTest : public ::testing::Test {
 protected:
  // `request` as text of the method's request.
  template <typename Method>
  auto Do(Method method, const std::string& request) {
    return testing::Invoke(*store_, service_, method, Call{},
                           Parse<testing::RequestOf<Method>>(request));
  }
  absl::StatusOr<v1::Account> Create(const std::string& id, const std::string& more = "") {
    return Do(&AccountService::CreateAccount,
              absl::StrCat("account_id: '", id, "' account { display_name: 'Account ", id,
                           "' currency_code: 'EUR' ", more, " }"));
  }
  absl::StatusOr<v1::Account> Update(const std::string& account, const std::string& mask = "") {
    return Do(&AccountService::UpdateAccount,
              absl::StrCat("account { ", account, " } update_mask { ", mask, " }"));
  }
  absl::Status SetParent(const std::string& id, const std::string& parent) {
    return Update(absl::StrCat("name: 'accounts/", id, "' parent_account: 'accounts/", parent, "'"))
        .status();
  }
  absl::StatusOr<v1::Account> Get(const std::string& id) {
    return Do(&AccountService::GetAccount, absl::StrCat("name: 'accounts/", id, "'"));
  }
  absl::StatusOr<v1::Account> Delete(const std::string& id, const std::string& etag = "") {
    return Do(&AccountService::DeleteAccount,
              absl::StrCat("name: 'accounts/", id, "' etag: '", etag, "'"));
  }
  absl::StatusOr<v1::BatchCreateAccountsResponse> BatchCreate(const std::string& request) {
    return Do(&AccountService::BatchCreateAccounts, request);
  }
  static std::string Row(const std::string& id, const std::string& more = "") {
    return absl::StrCat(" requests { account_id: '", id, "' account { display_name: 'Account ", id,
                        "' currency_code: 'EUR' ", more, " } }");
  }
  std::string Changes() {
    return database_.Sql(
        "SELECT string_agg(kind || ' ' || resource, ', ' ORDER BY seq)"
        " FROM changes");
  }

  testing::TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open(8);
  AccountService service_;
};

TEST_F(AccountServiceTest, CreateReportsAllThatIsWrongAndWritesNothing) {
  ASSERT_TRUE(Create("gone").ok());
  ASSERT_TRUE(Delete("gone").ok());
  const absl::Status status =
      Create("acme",
             "parent_account: 'accounts/nobody'"
             " external_ids { system: 'crm' id: '1' } external_ids { system: 'crm' id: '1' }"
             " declared_annual_spend { currency_code: 'USD' units: 1 }"
             " marketing_budget { currency_code: 'EUR' nanos: 1000000 }"
             " labels { key: 'Region' value: 'emea' }"
             " labels { key: 'long' value: '" +
                 std::string(64, 'x') + "' }")
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre("account.parent_account", "account.external_ids",
                                   "account.declared_annual_spend.currency_code",
                                   "account.marketing_budget.nanos", "account.labels[Region]",
                                   "account.labels[long]"));
  EXPECT_THAT(FieldsOf(Create("acme", "parent_account: 'accounts/acme'").status()),
              ElementsAre("account.parent_account"));
  EXPECT_THAT(FieldsOf(Create("acme", "parent_account: 'accounts/gone'").status()),
              ElementsAre("account.parent_account"));
  EXPECT_EQ(Get("acme").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(AccountServiceTest, CreateAnswersWhatGetAnswers) {
  ASSERT_TRUE(Create("top").ok());
  const auto created =
      Create("acme",
             "name: 'accounts/ignored' parent_account: 'accounts/top' industry: 'retail'"
             " external_ids { system: 'erp' id: '2' } external_ids { system: 'crm' id: '1' }"
             " declared_annual_spend { currency_code: 'EUR' units: 12 nanos: 340000000 }"
             " marketing_budget { currency_code: 'EUR' } labels { key: 'a-b_1' value: '' }");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "accounts/acme");
  EXPECT_EQ(created->parent_account(), "accounts/top");
  EXPECT_EQ(created->state(), v1::Account::STATE_ACTIVE);
  EXPECT_EQ(created->declared_annual_spend().nanos(), 340'000'000);
  EXPECT_TRUE(created->has_marketing_budget());
  EXPECT_FALSE(created->etag().empty());
  EXPECT_EQ(Get("acme")->DebugString(), created->DebugString());
  EXPECT_EQ(Changes(), "account.created accounts/top, account.created accounts/acme");
}

TEST_F(AccountServiceTest, CreateMakesAnIdWhenNoneIsGiven) {
  const auto created = Create("");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_THAT(created->name(), ::testing::MatchesRegex("accounts/[a-z0-9]{26}"));
}

TEST_F(AccountServiceTest, CreateRefusesTakenIds) {
  ASSERT_TRUE(Create("acme", "external_ids { system: 'crm' id: '1' }").ok());
  EXPECT_TRUE(HasReason(Create("acme").status(), ErrorReason::kResourceAlreadyExists));
  EXPECT_TRUE(HasReason(Create("beta", "external_ids { system: 'crm' id: '1' }").status(),
                        ErrorReason::kExternalIdTaken));
}

TEST_F(AccountServiceTest, UpdateChangesOnlyWhatTheMaskNames) {
  ASSERT_TRUE(Create("acme", "industry: 'retail' labels { key: 'a' value: 'b' }").ok());
  const auto updated = Update("name: 'accounts/acme' display_name: 'New' industry: 'ignored'",
                              "paths: 'display_name'");
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->display_name(), "New");
  EXPECT_EQ(updated->industry(), "retail");
  EXPECT_EQ(updated->labels().at("a"), "b");
  EXPECT_NE(updated->etag(), "v1");
  EXPECT_EQ(Get("acme")->DebugString(), updated->DebugString());

  // Without a mask: what is set. With a mask and nothing set: cleared.
  EXPECT_EQ(Update("name: 'accounts/acme' industry: 'steel'")->display_name(), "New");
  EXPECT_EQ(Update("name: 'accounts/acme'", "paths: 'industry'")->industry(), "");
  const auto all =
      Update("name: 'accounts/acme' display_name: 'All' currency_code: 'EUR'", "paths: '*'");
  EXPECT_THAT(all->labels(), IsEmpty());
}

TEST_F(AccountServiceTest, UpdateReportsAllThatIsWrong) {
  ASSERT_TRUE(Create("acme").ok());
  const absl::Status status =
      Update(
          "name: 'accounts/acme' currency_code: 'USD' parent_account: 'accounts/nobody'"
          " declared_annual_spend { currency_code: 'JPY' units: 1 }"
          " labels { key: '1' value: '' }",
          "paths: 'currency_code' paths: 'parent_account' paths: 'declared_annual_spend'"
          " paths: 'labels' paths: 'state' paths: 'name'")
          .status();
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre("account.currency_code", "account.parent_account",
                                   "account.declared_annual_spend.currency_code",
                                   "account.labels[1]", "update_mask", "update_mask"));
  EXPECT_EQ(Get("acme")->etag(), "v1");
}

TEST_F(AccountServiceTest, AStaleEtagIsRefusedAndANoOpKeepsIt) {
  ASSERT_TRUE(Create("acme").ok());
  const std::string rename = "name: 'accounts/acme' display_name: 'New' etag: 'v1'";
  ASSERT_TRUE(Update(rename).ok());
  const absl::Status stale = Update(rename).status();
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(HasReason(stale, ErrorReason::kEtagMismatch));
  EXPECT_TRUE(HasReason(Delete("acme", "v1").status(), ErrorReason::kEtagMismatch));
  EXPECT_EQ(Update("name: 'accounts/acme' display_name: 'New'")->etag(), "v2");
  EXPECT_EQ(Changes(), "account.created accounts/acme, account.updated accounts/acme");
}

TEST_F(AccountServiceTest, TheHierarchyHasNoCircles) {
  ASSERT_TRUE(Create("top").ok());
  ASSERT_TRUE(Create("middle", "parent_account: 'accounts/top'").ok());
  ASSERT_TRUE(Create("leaf", "parent_account: 'accounts/middle'").ok());
  for (const std::string parent : {"top", "middle", "leaf"}) {
    const absl::Status status =
        Update("name: 'accounts/top' parent_account: 'accounts/" + parent + "'").status();
    EXPECT_THAT(FieldsOf(status), ElementsAre("account.parent_account")) << parent;
  }
  EXPECT_TRUE(Update("name: 'accounts/leaf' parent_account: 'accounts/top'").ok());
  EXPECT_TRUE(Update("name: 'accounts/middle'", "paths: 'parent_account'").ok());
  EXPECT_TRUE(Update("name: 'accounts/top' parent_account: 'accounts/middle'").ok());
}

TEST_F(AccountServiceTest, TwoUpdatesAtOnceDoNotCloseACircle) {
  for (int round = 0; round < 10; ++round) {
    const std::string a = absl::StrCat("a", round), b = absl::StrCat("b", round);
    const std::string c = absl::StrCat("c", round), d = absl::StrCat("d", round);
    ASSERT_TRUE(Create(a).ok());
    ASSERT_TRUE(Create(b, "parent_account: 'accounts/" + a + "'").ok());
    ASSERT_TRUE(Create(c).ok());
    ASSERT_TRUE(Create(d, "parent_account: 'accounts/" + c + "'").ok());
    // a below d, c below b: each is fine alone.
    absl::Status first, second;
    std::thread other([&] { first = SetParent(a, d); });
    second = SetParent(c, b);
    other.join();
    EXPECT_NE(first.ok(), second.ok()) << first << "\n" << second;
  }
}

TEST_F(AccountServiceTest, DeletedAccountsAreHiddenAndComeBack) {
  ASSERT_TRUE(Create("acme", "external_ids { system: 'crm' id: '1' }").ok());
  EXPECT_TRUE(HasReason(Do(&AccountService::UndeleteAccount, "name: 'accounts/acme'").status(),
                        ErrorReason::kWrongState));
  const auto deleted = Delete("acme", "v1");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_EQ(deleted->state(), v1::Account::STATE_DELETED);
  EXPECT_TRUE(deleted->has_delete_time());
  EXPECT_EQ(Get("acme")->DebugString(), deleted->DebugString());
  EXPECT_TRUE(HasReason(Delete("acme").status(), ErrorReason::kResourceDeleted));
  EXPECT_TRUE(HasReason(Update("name: 'accounts/acme' display_name: 'x'").status(),
                        ErrorReason::kResourceDeleted));
  EXPECT_THAT(Do(&AccountService::ListAccounts, "")->accounts(), IsEmpty());
  EXPECT_EQ(Do(&AccountService::ListAccounts, "show_deleted: true")->accounts_size(), 1);
  EXPECT_EQ(Do(&AccountService::LookupAccount, "external_id { system: 'crm' id: '1' }")->name(),
            "accounts/acme");
  EXPECT_TRUE(HasReason(Create("other", "external_ids { system: 'crm' id: '1' }").status(),
                        ErrorReason::kExternalIdTaken));

  const auto restored = Do(&AccountService::UndeleteAccount, "name: 'accounts/acme'");
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->state(), v1::Account::STATE_ACTIVE);
  EXPECT_FALSE(restored->has_delete_time());
  EXPECT_EQ(Changes(),
            "account.created accounts/acme, account.deleted accounts/acme, "
            "account.undeleted accounts/acme");
}

TEST_F(AccountServiceTest, UnknownAccountsAreNamed) {
  for (const absl::Status& status :
       {Get("nobody").status(), Delete("nobody").status(),
        Update("name: 'accounts/nobody' display_name: 'x'").status(),
        Do(&AccountService::UndeleteAccount, "name: 'accounts/nobody'").status(),
        Do(&AccountService::BatchGetAccounts, "names: 'accounts/nobody'").status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(GetErrorDetails(status)->resource, "accounts/nobody");
  }
  const absl::Status unknown =
      Do(&AccountService::LookupAccount, "external_id { system: 'a' id: 'b' }").status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  const ErrorDetails details = *GetErrorDetails(unknown);
  EXPECT_EQ(details.resource, "");
  EXPECT_THAT(details.metadata,
              UnorderedElementsAre(std::pair(std::string("system"), std::string("a")),
                                   std::pair(std::string("id"), std::string("b"))));
}

TEST_F(AccountServiceTest, ListsInPagesThatBelongToTheirParameters) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Create(absl::StrCat("a", i), "industry: 'x'").ok());
  const std::string list =
      "filter: 'industry = x AND display_name:\"account\"' order_by: 'name desc'";
  std::vector<std::string> names;
  std::string token;
  do {
    const auto page = Do(&AccountService::ListAccounts,
                         absl::StrCat(list, " page_size: 2 page_token: '", token, "'"));
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Account& account : page->accounts()) names.push_back(account.name());
    token = page->next_page_token();
    const absl::Status foreign =
        Do(&AccountService::ListAccounts, absl::StrCat("page_token: '", token, "'")).status();
    EXPECT_EQ(HasReason(foreign, ErrorReason::kInvalidPageToken), !token.empty());
  } while (!token.empty());
  EXPECT_THAT(names, ElementsAre("accounts/a4", "accounts/a3", "accounts/a2", "accounts/a1",
                                 "accounts/a0"));
}

TEST_F(AccountServiceTest, BatchGetKeepsTheOrderAskedFor) {
  for (const std::string id : {"a", "b"}) ASSERT_TRUE(Create(id).ok());
  const auto got = Do(&AccountService::BatchGetAccounts,
                      "names: 'accounts/b' names: 'accounts/a' names: 'accounts/b'");
  ASSERT_EQ(got->accounts_size(), 3);
  EXPECT_EQ(got->accounts(0).name(), "accounts/b");
  EXPECT_EQ(got->accounts(1).name(), "accounts/a");
}

TEST_F(AccountServiceTest, BatchCreateIsRepeatable) {
  const std::string request =
      Row("child", "parent_account: 'accounts/parent'") +
      Row("parent", "external_ids { system: 'crm' id: '1' } labels { key: 'a' value: 'b' }");
  const auto first = BatchCreate(request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->receipt().recorded(), 2);
  const auto second = BatchCreate(request + Row("third"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->receipt().recorded(), 1);
  EXPECT_EQ(second->receipt().unchanged(), 2);
  EXPECT_EQ(second->receipt().rejected_count(), 0);
}

TEST_F(AccountServiceTest, BatchCreateRejectsEachBadRowByItself) {
  ASSERT_TRUE(Create("exists", "external_ids { system: 'crm' id: '1' }").ok());
  ASSERT_TRUE(Create("gone").ok());
  ASSERT_TRUE(Delete("gone").ok());
  const std::string rows = Row("good") + Row("exists", "industry: 'other'") + Row("gone") +
                           Row("") + Row("Bad Id!") +
                           Row("taker", "external_ids { system: 'crm' id: '1' }") +
                           Row("first", "external_ids { system: 'crm' id: '2' }") +
                           Row("second", "external_ids { system: 'crm' id: '2' }") +
                           Row("circle-1", "parent_account: 'accounts/circle-2'") +
                           Row("circle-2", "parent_account: 'accounts/circle-1'") +
                           Row("orphan", "parent_account: 'accounts/taker'") + Row("good") +
                           " requests { account_id: 'bare' request_id: 'r' validate_only: true }";
  const absl::Status refused = BatchCreate(rows).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kAlreadyExists) << "that of the first bad row";
  EXPECT_THAT(std::string(refused.message()), ::testing::StartsWith("requests[1]: "));
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM accounts"), "2");

  const auto partial = BatchCreate(rows + " allow_partial: true");
  ASSERT_TRUE(partial.ok()) << partial.status();
  const v1::Receipt& receipt = partial->receipt();
  EXPECT_EQ(receipt.recorded(), 2);
  EXPECT_EQ(receipt.rejected_count(), 11);
  std::vector<std::pair<int64_t, int>> rejected;
  for (const auto& row : receipt.rejected()) {
    rejected.emplace_back(row.index(), row.status().code());
    EXPECT_GT(row.status().details_size(), 0);
  }
  const auto code = [](absl::StatusCode value) { return static_cast<int>(value); };
  const int invalid = code(absl::StatusCode::kInvalidArgument);
  const int exists = code(absl::StatusCode::kAlreadyExists);
  const int precondition = code(absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(rejected,
              ElementsAre(std::pair(1, exists), std::pair(2, precondition), std::pair(3, invalid),
                          std::pair(4, invalid), std::pair(5, exists), std::pair(7, exists),
                          std::pair(8, invalid), std::pair(9, invalid), std::pair(10, invalid),
                          std::pair(11, invalid), std::pair(12, invalid)));
  EXPECT_TRUE(Get("good").ok());
  EXPECT_TRUE(Get("first").ok());
}

TEST_F(AccountServiceTest, BatchCreateListsTheViolationsOfAllRows) {
  const absl::Status status =
      BatchCreate(" requests { account_id: 'x' request_id: 'r' validate_only: true }" + Row("") +
                  Row("y", "labels { key: 'A' value: '' }"))
          .status();
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre("requests[0].account", "requests[0].request_id",
                                   "requests[0].validate_only", "requests[1].account_id",
                                   "requests[2].account.labels[A]"));
}

TEST_F(AccountServiceTest, BatchesAtOnceCreateEachAccountOnce) {
  std::string request = "allow_partial: true";
  for (int i = 0; i < 100; ++i) {
    absl::StrAppend(&request, Row(absl::StrCat("r", i),
                                  absl::StrCat("external_ids { system: 'crm' id: '", i, "' }")));
  }
  std::vector<v1::Receipt> receipts(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const auto response = BatchCreate(request);
      EXPECT_TRUE(response.ok()) << response.status();
      if (response.ok()) receipts[t] = response->receipt();
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t recorded = 0, unchanged = 0;
  for (const v1::Receipt& receipt : receipts) {
    recorded += receipt.recorded();
    unchanged += receipt.unchanged();
  }
  EXPECT_EQ(recorded, 100);
  EXPECT_EQ(unchanged, 300);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM changes"), "100");
}

TEST_F(AccountServiceTest, ABatchSaysWhichIdHoldsANul) {
  v1::BatchCreateAccountsRequest request = Parse<v1::BatchCreateAccountsRequest>(
      absl::StrCat(Row("good"), Row("bad"), "allow_partial: true"));
  request.mutable_requests(1)->set_account_id(std::string("b\0d", 3));
  request.mutable_requests(1)->mutable_account()->set_parent_account(
      std::string("accounts/b\0d", 12));
  const auto response = store::TransactFor<v1::BatchCreateAccountsResponse>(
      *store_, {},
      [&](store::Transaction& tx) { return service_.BatchCreateAccounts(Call{}, tx, request); });
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->receipt().recorded(), 1);
  ASSERT_EQ(response->receipt().rejected_size(), 1);
  google::rpc::BadRequest details;
  for (const auto& detail : response->receipt().rejected(0).status().details()) {
    detail.UnpackTo(&details);
  }
  std::vector<std::string> fields;
  for (const auto& violation : details.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields,
              UnorderedElementsAre("requests[1].account_id", "requests[1].account.parent_account"));
}

TEST_F(AccountServiceTest, CallsThatWaitAreReadTogetherEachWithItsOwnAnswer) {
  ASSERT_TRUE(Create("acme").ok());
  ASSERT_TRUE(Create("beta").ok());
  const Call call;
  std::vector<v1::GetAccountRequest> requests;
  for (const char* name : {"accounts/beta", "accounts/nobody", "accounts/acme", "accounts/beta"}) {
    requests.emplace_back().set_name(name);
  }
  std::vector<GroupedCall<v1::GetAccountRequest, v1::Account>> calls;
  for (const auto& request : requests) calls.push_back({.call = call, .request = request});
  const absl::Status status = store_->Read(Deadline::Never(), [&](store::Snapshot& tx) {
    return service_.GetAccount(tx, absl::MakeSpan(calls));
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(calls[0].answer->name(), "accounts/beta");
  EXPECT_EQ(GetErrorDetails(calls[1].answer.status())->resource, "accounts/nobody");
  EXPECT_EQ(calls[2].answer->name(), "accounts/acme");
  EXPECT_EQ(calls[3].answer->name(), "accounts/beta");
}

}  // namespace
}  // namespace kam::rpc
