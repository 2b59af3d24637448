#include "rpc/history/history_service.h"
#include "rpc/invoke.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/limits.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "rpc/contract/convert.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// One order as text; what `more` sets wins.
std::string OrderText(const std::string& name, int64_t units = 10, const std::string& more = "") {
  auto order = Parse<v1::Order>(absl::StrCat(
      "name: '", name,
      "' order_time { seconds: 1000000 } list_amount { currency_code: 'EUR' units: ", units,
      " } net_amount { currency_code: 'EUR' units: ", units, " } status: STATUS_COMPLETED"));
  order.MergeFrom(Parse<v1::Order>(more));
  return absl::StrCat("orders { ", order.ShortDebugString(), " } ");
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto details = GetErrorDetails(status).value_or(ErrorDetails());
  for (const FieldViolation& violation : details.fields) fields.push_back(violation.field);
  return fields;
}

// `index reason` of each rejected row.
std::vector<std::string> RejectionsOf(const v1::Receipt& receipt) {
  std::vector<std::string> rejections;
  for (const v1::Receipt::Rejection& row : receipt.rejected()) {
    google::rpc::ErrorInfo info;
    EXPECT_TRUE(row.status().details(0).UnpackTo(&info));
    rejections.push_back(absl::StrCat(row.index(), " ", info.reason()));
  }
  return rejections;
}

class HistoryServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(testing::AddAccounts(*store_, {"acme", "beta", "gone"}).ok());
    database_.Sql("UPDATE accounts SET delete_time = now() WHERE account_id = 'gone'");
  }

  template <typename Method, typename Request>
  auto Do(Method method, const Request& request) {
    return testing::Invoke(*store_, service_, method, Call{}, request);
  }
  absl::StatusOr<v1::Receipt> Record(const std::string& request) {
    auto response = Do(&HistoryService::RecordOrders, Parse<v1::RecordOrdersRequest>(request));
    if (!response.ok()) return response.status();
    return response->receipt();
  }
  absl::StatusOr<v1::Order> Get(const std::string& name) {
    v1::GetOrderRequest request;
    request.set_name(name);
    return Do(&HistoryService::GetOrder, request);
  }
  // An import as the pipeline runs it: what is full is committed, and what is left at the end.
  class Stream {
   public:
    Stream(store::Store& store, HistoryService& service)
        : store_(store), upload_(service.ImportOrders(Call{})) {}

    absl::Status Add(const v1::ImportOrdersRequest& request) {
      const absl::Status status = upload_->Add(request);
      return status.ok() && upload_->full() ? Commit() : status;
    }
    absl::StatusOr<v1::ImportOrdersResponse> Finish() {
      absl::Status status = upload_->Ended();
      if (status.ok() && upload_->held() > 0) status = Commit();
      if (!status.ok()) return status;
      return upload_->Finish();
    }

   private:
    absl::Status Commit() {
      absl::Status status =
          store_.Transact({}, [&](store::Transaction& tx) { return upload_->Commit(tx).status(); });
      if (status.ok()) upload_->Committed();
      return status;
    }

    store::Store& store_;
    std::unique_ptr<UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse>> upload_;
  };
  std::unique_ptr<Stream> Import() { return std::make_unique<Stream>(*store_, service_); }
  static absl::Status Add(Stream& import, const std::string& request) {
    return import.Add(Parse<v1::ImportOrdersRequest>(request));
  }
  std::string Count(const std::string& table) {
    return database_.Sql("SELECT count(*) FROM " + table);
  }

  testing::TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  HistoryService service_;
};

// A row with everything wrong that a row can have wrong, and what is said of it.
constexpr char kBadRow[] = R"(orders {
  name: 'accounts/acme/orders/%zz'
  order_time { seconds: 2000086401 }
  list_amount { currency_code: 'EUR' units: 1 nanos: 1 }
  net_amount { currency_code: 'XYZ' units: -1 }
  status: STATUS_UNSPECIFIED
  brand: ')"
                           "0123456789012345678901234567890123456789012345678901234567890123456789"
                           "0123456789012345678901234567890' }";

TEST_F(HistoryServiceTest, RecordReportsAllViolationsOfAllRowsAndWritesNothing) {
  const absl::Status status =
      Record(absl::StrCat(
                 kBadRow, OrderText("accounts/acme/orders/1"), OrderText("accounts/acme/orders/1"),
                 OrderText("accounts/nobody/orders/1"),
                 OrderText("accounts/acme/orders/2", 1, "net_amount { currency_code: 'USD' }")))
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      FieldsOf(status),
      UnorderedElementsAre("orders[0].name", "orders[0].order_time", "orders[0].list_amount.nanos",
                           "orders[0].net_amount", "orders[0].net_amount.currency_code",
                           "orders[0].status", "orders[0].brand", "orders[2].name", "orders[3]",
                           "orders[4].net_amount.currency_code"));
  EXPECT_EQ(Count("orders"), "0");
}

TEST_F(HistoryServiceTest, TheFirstBadRowGivesTheCode) {
  const std::string good = OrderText("accounts/acme/orders/1");
  const auto refuse = [&](const std::string& bad) {
    absl::Status status = Record(good + bad + kBadRow).status();
    EXPECT_THAT(std::string(status.message()), StartsWith("orders[1]: "));
    EXPECT_EQ(GetErrorDetails(status)->metadata.back(),
              std::pair(std::string("index"), std::string("1")));
    EXPECT_EQ(Count("orders"), "0");
    return status;
  };
  EXPECT_TRUE(
      HasReason(refuse(OrderText("accounts/nobody/orders/1")), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(
      HasReason(refuse(OrderText("accounts/gone/orders/1")), ErrorReason::kResourceDeleted));
  const absl::Status mismatch =
      refuse(absl::StrReplaceAll(OrderText("accounts/beta/orders/1"), {{"EUR", "USD"}}));
  EXPECT_TRUE(HasReason(mismatch, ErrorReason::kCurrencyMismatch));
  EXPECT_THAT(FieldsOf(mismatch), ::testing::Contains("orders[1].list_amount.currency_code"));
}

TEST_F(HistoryServiceTest, OrderTimesLieBetween1970AndADayAheadOfTheDatabase) {
  const int64_t tomorrow = absl::ToUnixSeconds(absl::Now() + absl::Hours(24));
  const auto at = [&](int64_t seconds, int id) {
    return Record(absl::StrReplaceAll(OrderText(absl::StrCat("accounts/acme/orders/", id)),
                                      {{"seconds: 1000000", absl::StrCat("seconds: ", seconds)}}))
        .status();
  };
  EXPECT_THAT(FieldsOf(at(-1, 1)), ElementsAre("orders[0].order_time"));
  EXPECT_TRUE(at(0, 2).ok());
  EXPECT_TRUE(at(tomorrow - 600, 3).ok());
  EXPECT_THAT(FieldsOf(at(tomorrow + 600, 4)), ElementsAre("orders[0].order_time"));
}

// Several calls as one group.
class RecordOrdersGroupTest : public HistoryServiceTest {
 protected:
  using Grouped = GroupedCall<v1::RecordOrdersRequest, v1::RecordOrdersResponse>;

  std::vector<absl::StatusOr<v1::RecordOrdersResponse>> RecordTogether(
      const std::vector<std::string>& texts) {
    const Call call;
    std::vector<v1::RecordOrdersRequest> requests;
    for (const std::string& text : texts) requests.push_back(Parse<v1::RecordOrdersRequest>(text));
    std::vector<absl::StatusOr<v1::RecordOrdersResponse>> answers;
    const absl::Status status = store_->Transact({}, [&](store::Transaction& tx) {
      std::vector<Grouped> calls;
      for (const auto& request : requests) calls.push_back({.call = call, .request = request});
      absl::Status done = service_.RecordOrders(tx, absl::MakeSpan(calls));
      answers.clear();
      for (Grouped& one : calls) answers.push_back(std::move(one.answer));
      return done;
    });
    EXPECT_TRUE(status.ok()) << status;
    return answers;
  }
};

TEST_F(RecordOrdersGroupTest, EachCallSeesThoseBeforeItAndRefusalsLeaveNothing) {
  const std::string order = OrderText("accounts/acme/orders/1");
  const std::string other = OrderText("accounts/acme/orders/1", 12);
  const auto answers = RecordTogether({
      order,
      order,
      OrderText("accounts/beta/orders/new") + other,  // refused as a whole
      other + "correct: true",
      OrderText("accounts/acme/orders/1", 13) + "correct: true",
      OrderText("accounts/nobody/orders/1"),
      OrderText("accounts/beta/orders/2"),
  });
  ASSERT_EQ(answers.size(), 7u);
  EXPECT_EQ(answers[0]->receipt().recorded(), 1);
  EXPECT_EQ(answers[1]->receipt().unchanged(), 1);
  EXPECT_TRUE(HasReason(answers[2].status(), ErrorReason::kFactDiffers)) << answers[2].status();
  EXPECT_EQ(answers[3]->receipt().corrected(), 1);
  EXPECT_EQ(answers[4]->receipt().corrected(), 1);
  EXPECT_TRUE(HasReason(answers[5].status(), ErrorReason::kResourceNotFound));
  EXPECT_EQ(answers[6]->receipt().recorded(), 1);

  EXPECT_EQ(Get("accounts/acme/orders/1")->version(), 3);
  EXPECT_EQ(Count("order_versions"), "2");
  EXPECT_EQ(Get("accounts/beta/orders/new").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(database_.Sql("SELECT string_agg(resource || ' ' || version, ', ' ORDER BY resource, "
                          "seq) FROM changes WHERE kind LIKE 'order.%'"),
            "accounts/acme/orders/1 1, accounts/acme/orders/1 2, accounts/acme/orders/1 3, "
            "accounts/beta/orders/2 1");
  EXPECT_EQ(database_.Sql("SELECT string_agg(account_id || ' ' || day_net[1], ', ' ORDER BY "
                          "account_id) FROM account_months"),
            "acme 1300, beta 1000");
}

TEST_F(RecordOrdersGroupTest, ALockedAccountHoldsUpOnlyItsOwnCall) {
  std::vector<absl::StatusOr<v1::RecordOrdersResponse>> answers;
  const absl::Status status = store_->Transact({}, [&](store::Transaction& tx) {
    EXPECT_TRUE(store::LockAccount(tx, "acme").ok());
    answers =
        RecordTogether({OrderText("accounts/acme/orders/1"), OrderText("accounts/beta/orders/1")});
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(HasReason(answers[0].status(), ErrorReason::kConflict)) << answers[0].status();
  EXPECT_TRUE(answers[1].ok()) << answers[1].status();
  EXPECT_EQ(Count("orders"), "1");
}

TEST_F(HistoryServiceTest, PartialSuccessRejectsEachBadRowByItself) {
  ASSERT_TRUE(Record(OrderText("accounts/acme/orders/old")).ok());
  const auto receipt = Record(absl::StrCat(
      "allow_partial: true ", OrderText("accounts/acme/orders/new"),
      OrderText("accounts/acme/orders/old", 11), OrderText("accounts/nobody/orders/1"), kBadRow,
      OrderText("accounts/gone/orders/1"), OrderText("accounts/acme/orders/old"),
      absl::StrReplaceAll(OrderText("accounts/beta/orders/1"), {{"EUR", "USD"}})));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recorded(), 1);
  EXPECT_EQ(receipt->unchanged(), 0);
  EXPECT_THAT(RejectionsOf(*receipt),
              ElementsAre("1 FACT_DIFFERS", "2 RESOURCE_NOT_FOUND", "3 INVALID_FIELDS",
                          "4 RESOURCE_DELETED", "5 INVALID_FIELDS", "6 CURRENCY_MISMATCH"));
  EXPECT_EQ(receipt->rejected(3).key(), "accounts/gone/orders/1");
  EXPECT_EQ(receipt->rejected_count(), 6);
  EXPECT_EQ(Get("accounts/acme/orders/old")->list_amount().units(), 10);
}

TEST_F(HistoryServiceTest, RecordingAgainIsANoOpAndOtherContentACorrectionOnRequest) {
  const std::string order = OrderText("accounts/acme/orders/a%2Fb");
  EXPECT_EQ(Record(order)->recorded(), 1);
  EXPECT_EQ(Record(order)->unchanged(), 1);
  const std::string other = OrderText("accounts/acme/orders/a%2Fb", 12, "brand: 'B'");
  const absl::Status differs = Record(other).status();
  EXPECT_EQ(differs.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(HasReason(differs, ErrorReason::kFactDiffers));
  EXPECT_EQ(GetErrorDetails(differs)->resource, "accounts/acme/orders/a%2Fb");
  EXPECT_EQ(Record(other + "correct: true")->corrected(), 1);
  EXPECT_EQ(Record(other + "correct: true")->unchanged(), 1);

  const auto order_now = Get("accounts/acme/orders/a%2Fb");
  ASSERT_TRUE(order_now.ok()) << order_now.status();
  EXPECT_EQ(order_now->version(), 2);
  EXPECT_EQ(order_now->service_level(), v1::Order::SERVICE_LEVEL_STANDARD);
  EXPECT_EQ(
      database_.Sql("SELECT string_agg(kind || ' ' || resource || ' ' || version, ', ' ORDER BY"
                    " seq) FROM changes WHERE kind LIKE 'order.%'"),
      "order.recorded accounts/acme/orders/a%2Fb 1, "
      "order.corrected accounts/acme/orders/a%2Fb 2");

  v1::ListOrderVersionsRequest request;
  request.set_name("accounts/acme/orders/a%2Fb");
  const auto versions = Do(&HistoryService::ListOrderVersions, request);
  ASSERT_EQ(versions->versions_size(), 2);
  EXPECT_EQ(versions->versions(0).DebugString(), order_now->DebugString());
  EXPECT_EQ(versions->versions(1).list_amount().units(), 10);
  EXPECT_TRUE(versions->versions(1).has_superseded_time());

  v1::GetOrderRequest then;
  then.set_name("accounts/acme/orders/a%2Fb");
  *then.mutable_known_at() = versions->versions(1).record_time();
  EXPECT_EQ(Do(&HistoryService::GetOrder, then)->version(), 1);
  *then.mutable_known_at() = ToProto(absl::Now() + absl::Hours(1));
  EXPECT_THAT(FieldsOf(Do(&HistoryService::GetOrder, then).status()), ElementsAre("known_at"));
}

TEST_F(HistoryServiceTest, UnknownOnesAreNamed) {
  EXPECT_EQ(GetErrorDetails(Get("accounts/acme/orders/1").status())->resource,
            "accounts/acme/orders/1");
  v1::ListOrderVersionsRequest versions;
  versions.set_name("accounts/acme/orders/1");
  EXPECT_EQ(Do(&HistoryService::ListOrderVersions, versions).status().code(),
            absl::StatusCode::kNotFound);
  v1::ListOrdersRequest list;
  list.set_parent("accounts/nobody");
  EXPECT_EQ(Do(&HistoryService::ListOrders, list).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(HistoryServiceTest, ListsAPageAtATime) {
  std::string request;
  for (int i = 0; i < 5; ++i) {
    request += OrderText(absl::StrCat("accounts/acme/orders/", i), 1,
                         absl::StrCat("order_time { seconds: ", 1000 + i, " }"));
  }
  ASSERT_TRUE(Record(request).ok());
  v1::ListOrdersRequest list;
  list.set_parent("accounts/acme");
  list.set_page_size(2);
  std::vector<std::string> names;
  do {
    const auto page = Do(&HistoryService::ListOrders, list);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Order& order : page->orders()) names.push_back(order.name().substr(21));
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("4", "3", "2", "1", "0"));
}

TEST_F(HistoryServiceTest, AnAtomicImportIsAllOrNothing) {
  auto import = Import();
  ASSERT_TRUE(Add(*import, OrderText("accounts/acme/orders/1")).ok());
  EXPECT_EQ(Count("orders"), "0") << "nothing before the end";
  ASSERT_TRUE(Add(*import, OrderText("accounts/acme/orders/2")).ok());
  ASSERT_TRUE(Add(*import, OrderText("accounts/nobody/orders/1")).ok());
  const absl::Status status = import->Finish().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), StartsWith("orders[2]: "));
  EXPECT_EQ(Count("orders"), "0");
  EXPECT_EQ(Count("audit"), "0");
}

TEST_F(HistoryServiceTest, AnImportCountsRowsOverTheStream) {
  auto import = Import();
  ASSERT_TRUE(Add(*import, "options { allow_partial: true }").ok());
  ASSERT_TRUE(Add(*import, OrderText("accounts/acme/orders/1")).ok());
  ASSERT_TRUE(Add(*import, OrderText("accounts/beta/orders/1") + kBadRow).ok());
  ASSERT_TRUE(Add(*import, OrderText("accounts/nobody/orders/1")).ok());
  const auto response = import->Finish();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->receipt().recorded(), 2);
  EXPECT_THAT(RejectionsOf(response->receipt()),
              ElementsAre("2 INVALID_FIELDS", "3 RESOURCE_NOT_FOUND"));
  EXPECT_EQ(Count("changes WHERE kind = 'order.recorded'"), "2");
}

TEST_F(HistoryServiceTest, OptionsComeFirstOrNotAtAll) {
  auto import = Import();
  ASSERT_TRUE(Add(*import, OrderText("accounts/acme/orders/1")).ok());
  EXPECT_THAT(FieldsOf(Add(*import, "options { allow_partial: true }")), ElementsAre("options"));
  const auto empty = Import()->Finish();
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_EQ(empty->receipt().recorded(), 0);
}

TEST_F(HistoryServiceTest, ACountedStreamIsRecordedWithItsCountOnly) {
  const std::string rows = "options { counted: true }" + OrderText("accounts/acme/orders/1") +
                           OrderText("accounts/acme/orders/2");
  auto cut_short = Import();
  ASSERT_TRUE(Add(*cut_short, rows).ok());
  EXPECT_THAT(FieldsOf(cut_short->Finish().status()), ElementsAre("row_count"));
  auto lost = Import();
  ASSERT_TRUE(Add(*lost, rows).ok());
  EXPECT_THAT(FieldsOf(Add(*lost, "row_count: 3")), ElementsAre("row_count"));
  EXPECT_EQ(Count("orders"), "0");
  auto whole = Import();
  ASSERT_TRUE(Add(*whole, rows).ok());
  ASSERT_TRUE(Add(*whole, "row_count: 2").ok());
  EXPECT_THAT(FieldsOf(Add(*whole, OrderText("accounts/acme/orders/3"))), ElementsAre("row_count"));
  EXPECT_EQ(whole->Finish()->receipt().recorded(), 2);
  EXPECT_EQ(Import()->Finish()->receipt().recorded(), 0);
}

TEST_F(HistoryServiceTest, AnOrderThatComesAgainInAStreamIsComparedWithItself) {
  const std::string rows =
      OrderText("accounts/acme/orders/1", 1) + OrderText("accounts/acme/orders/1", 1) +
      OrderText("accounts/acme/orders/1", 2) + OrderText("accounts/acme/orders/2", 1);
  auto partial = Import();
  ASSERT_TRUE(Add(*partial, "options { allow_partial: true }" + rows).ok());
  const auto receipt = partial->Finish()->receipt();
  EXPECT_EQ(receipt.recorded(), 2);
  EXPECT_EQ(receipt.unchanged(), 1);
  EXPECT_THAT(RejectionsOf(receipt), ElementsAre("2 FACT_DIFFERS"));

  auto correcting = Import();
  ASSERT_TRUE(Add(*correcting, "options { correct: true }" + rows).ok());
  const auto corrected = correcting->Finish()->receipt();
  EXPECT_EQ(corrected.unchanged(), 3);
  EXPECT_EQ(corrected.corrected(), 1);
  EXPECT_EQ(Get("accounts/acme/orders/1")->version(), 2);
}

// Messages of 1,000 good rows each.
v1::ImportOrdersRequest ManyRows(int from) {
  v1::ImportOrdersRequest request;
  const auto row = Parse<v1::RecordOrdersRequest>(OrderText("accounts/acme/orders/x")).orders(0);
  for (int i = from; i < from + 1000; ++i) {
    *request.add_orders() = row;
    request.mutable_orders(i - from)->set_name(absl::StrCat("accounts/acme/orders/", i));
  }
  return request;
}

TEST_F(HistoryServiceTest, ABrokenPartialImportIsTakenUpWhereItWas) {
  auto broken = Import();
  ASSERT_TRUE(Add(*broken, "options { allow_partial: true }").ok());
  for (int i = 0; i < 15; ++i) ASSERT_TRUE(broken->Add(ManyRows(i * 1000)).ok());
  broken.reset();  // the stream broke before its end
  EXPECT_EQ(Count("orders"), absl::StrCat(limits::kImportCommitRows));

  auto again = Import();
  ASSERT_TRUE(Add(*again, "options { allow_partial: true }").ok());
  for (int i = 0; i < 15; ++i) ASSERT_TRUE(again->Add(ManyRows(i * 1000)).ok());
  const auto response = again->Finish();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->receipt().recorded(), 5000);
  EXPECT_EQ(response->receipt().unchanged(), limits::kImportCommitRows);
  EXPECT_EQ(Count("orders"), "15000");
}

TEST_F(HistoryServiceTest, AnAtomicImportHasALimit) {
  auto import = Import();
  for (int64_t rows = 0; rows < limits::kMaxAtomicImportRows; rows += 1000) {
    ASSERT_TRUE(import->Add(ManyRows(static_cast<int>(rows))).ok());
  }
  const absl::Status status = Add(*import, OrderText("accounts/acme/orders/one-too-many"));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(HasReason(status, ErrorReason::kImportTooLarge));
  EXPECT_EQ(Count("orders"), "0");
}

TEST_F(HistoryServiceTest, AReceiptListsAtMostAThousandRejections) {
  auto import = Import();
  ASSERT_TRUE(Add(*import, "options { allow_partial: true }").ok());
  for (int i = 0; i < 12; ++i) {
    v1::ImportOrdersRequest request = ManyRows(0);
    for (v1::Order& order : *request.mutable_orders())
      order.set_status(v1::Order::STATUS_UNSPECIFIED);
    ASSERT_TRUE(import->Add(request).ok());
  }
  const auto response = import->Finish();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->receipt().rejected_size(), limits::kMaxRejectionsListed);
  EXPECT_EQ(response->receipt().rejected_count(), 12'000);
  EXPECT_EQ(response->receipt().rejected(999).index(), 999);
}

}  // namespace
}  // namespace kam::rpc
