// Client streams through real gRPC on a real PostgreSQL.
#include "rpc/pipeline/upload.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "kam/v1/account_service.grpc.pb.h"
#include "kam/v1/history_service.grpc.pb.h"
#include "rpc/raw_call.h"
#include "rpc/test_server.h"

namespace kam::rpc {
namespace {

class UploadTest : public ::testing::Test {
 protected:
  UploadTest() {
    v1::CreateAccountRequest request;
    request.set_account_id("acme");
    request.mutable_account()->set_display_name("Acme");
    request.mutable_account()->set_currency_code("USD");
    v1::Account account;
    grpc::ClientContext context;
    EXPECT_TRUE(v1::AccountService::NewStub(server_.channel())
                    ->CreateAccount(&context, request, &account)
                    .ok());
  }

  static v1::ImportOrdersRequest OneOrder(int number) {
    v1::ImportOrdersRequest request;
    v1::Order& order = *request.add_orders();
    order.set_name(absl::StrCat("accounts/acme/orders/", number));
    order.mutable_order_time()->set_seconds(1'600'000'000);
    for (auto* amount : {order.mutable_list_amount(), order.mutable_net_amount()}) {
      amount->set_currency_code("USD");
      amount->set_units(10);
    }
    order.set_status(v1::Order::STATUS_COMPLETED);
    return request;
  }
  std::string Orders() { return server_.database().Sql("SELECT count(*) FROM orders"); }

  testing::TestServer server_;
  std::unique_ptr<v1::HistoryService::Stub> stub_ = v1::HistoryService::NewStub(server_.channel());
};

TEST_F(UploadTest, AnImportThatIsCompleteIsRecorded) {
  for (int messages = 0; messages < 3; ++messages) {
    grpc::ClientContext context;
    v1::ImportOrdersResponse response;
    const auto stream = stub_->ImportOrders(&context, &response);
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(stream->Write(OneOrder(10 * messages + i)));
    stream->WritesDone();
    const grpc::Status status = stream->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.receipt().recorded(), messages);
  }
  EXPECT_EQ(Orders(), "3");
}

TEST_F(UploadTest, AnImportThatIsBrokenOffIsNotTakenForAnEnd) {
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    grpc::ClientContext context;
    v1::ImportOrdersResponse response;
    const auto stream = stub_->ImportOrders(&context, &response);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Write(OneOrder(3 * round + i)));
    if (round % 2 == 0) absl::SleepFor(absl::Milliseconds(2));  // all is read, and more waited for
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (server_.calls().size() < kRounds + 1 && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_EQ(Orders(), "0");
}

TEST_F(UploadTest, AnImportIsAudited) {
  grpc::ClientContext context;
  v1::ImportOrdersResponse response;
  const auto stream = stub_->ImportOrders(&context, &response);
  ASSERT_TRUE(stream->Write(OneOrder(1)));
  stream->WritesDone();
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_EQ(server_.database().Sql("SELECT principal || ' ' || outcome || ' ' || detail FROM audit "
                                   "WHERE method = '/kam.v1.HistoryService/ImportOrders'"),
            "local OK orders recorded 1, unchanged 0, corrected 0, rejected 0");
}

TEST_F(UploadTest, AMessageThatIsNoneEndsTheImportAndNothingIsRecorded) {
  const std::string whole = OneOrder(1).SerializeAsString();
  const std::string garbage[] = {whole.substr(0, whole.size() - 3), "\xff\xff\xff\xff",
                                 std::string("\x0a\x04\x0a\x02\xc3\x28")};
  for (const std::string& bad : garbage) {
    std::vector<std::string> messages;
    for (int i = 0; i < 20; ++i) messages.push_back(OneOrder(i).SerializeAsString());
    messages.insert(messages.begin() + 10, bad);
    const grpc::Status status =
        testing::RawUpload(server_.channel(), "/kam.v1.HistoryService/ImportOrders", messages);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    EXPECT_EQ(testing::ReasonOf(status), "INVALID_FIELDS");
    EXPECT_EQ(Orders(), "0");
  }
}

}  // namespace
}  // namespace kam::rpc
