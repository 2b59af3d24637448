#include "rpc/contract/page_token.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "kam/v1/account_service.pb.h"
#include "store/store.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

class PageTokenTest : public ::testing::Test {
 protected:
  static v1::ListAccountsRequest Retail() {
    v1::ListAccountsRequest request;
    request.set_filter("industry = \"retail\"");
    return request;
  }
  absl::Status Open(PageTokens& pages, v1::ListAccountsRequest& request) {
    return store_->Read({},
                        [&](store::Snapshot& snapshot) { return pages.Open(snapshot, request); });
  }
  // A token that `pages` gives for the page after `key`.
  std::string TokenOf(PageTokens& pages, const std::string& key) {
    v1::ListAccountsRequest request = Retail();
    EXPECT_TRUE(Open(pages, request).ok());
    v1::ListAccountsResponse response;
    response.set_next_page_token(key);
    pages.Seal(request, response);
    return response.next_page_token();
  }

  testing::TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open(1);
};

TEST_F(PageTokenTest, ATokenIsGoodForItsOwnParametersOnAnyServerOfTheDatabase) {
  PageTokens one;
  PageTokens other;
  v1::ListAccountsRequest request = Retail();
  request.set_page_token(TokenOf(one, "acme"));
  request.set_page_size(7);  // the size may change
  v1::ListAccountsRequest elsewhere = request;
  elsewhere.set_filter("industry = \"banking\"");
  EXPECT_FALSE(Open(other, elsewhere).ok());
  ASSERT_TRUE(Open(other, request).ok());
  EXPECT_EQ(ReadPage(request)->after, "acme");
  EXPECT_EQ(ReadPage(request)->size, 7);
}

TEST_F(PageTokenTest, AnotherDatabaseHasAnotherSecret) {
  PageTokens pages;
  v1::ListAccountsRequest request = Retail();
  request.set_page_token(TokenOf(pages, "acme"));
  database_.Sql("UPDATE server_secrets SET page_secret = sha256('another')");
  PageTokens other;
  EXPECT_FALSE(Open(other, request).ok());
  EXPECT_EQ(database_.Sql("SELECT length(page_secret) FROM server_secrets"), "32");
}

TEST_F(PageTokenTest, EveryByteOfATokenCounts) {
  PageTokens pages;
  const std::string token = TokenOf(pages, "acme");
  for (size_t i = 0; i < token.size(); ++i) {
    v1::ListAccountsRequest request = Retail();
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'Q' : 'A';
    request.set_page_token(changed);
    EXPECT_FALSE(Open(pages, request).ok()) << i;
  }
}

}  // namespace
}  // namespace kam::rpc
