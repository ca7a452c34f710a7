// Who may ask, and who may change.
#include "page/access.h"

#include <gtest/gtest.h>

namespace slabhound::page {
namespace {

Request Get(std::map<std::string, std::string> headers) {
  return {.method = "GET", .path = "/", .headers = std::move(headers)};
}

int StatusOf(const Access& access, const Request& request) {
  const auto refusal = access.Refusal(request);
  return refusal ? refusal->status : 200;
}

TEST(Access, NamesOfThisMachineAndNoOthers) {
  const Access access{.host = "127.0.0.1", .port = 80};
  for (const char* own : {"127.0.0.1:80", "localhost:80", "[::1]:80"}) {
    EXPECT_EQ(StatusOf(access, Get({{"host", own}})), 200) << own;
  }
  for (const char* foreign :
       {"", "127.0.0.1", "localhost:81", "localhost:80.example.org", "a:80"}) {
    EXPECT_EQ(StatusOf(access, Get({{"host", foreign}})), 403) << foreign;
  }
  EXPECT_EQ(StatusOf(access, Get({})), 403);
}

TEST(Access, ATokenIsSaidInEitherWay) {
  const Access access{.host = "0.0.0.0", .port = 80, .token = "abc"};
  EXPECT_EQ(StatusOf(access, Get({{"host", "any"}})), 401);
  EXPECT_EQ(StatusOf(access, Get({{"host", "any"}, {"authorization", "Bearer abc"}})), 200);
  EXPECT_EQ(StatusOf(access, Get({{"host", "any"}, {"authorization", "Bearer abd"}})), 401);
  EXPECT_EQ(StatusOf(access, Get({{"host", "any"}, {"cookie", "x=1; slabhound=abc; y=2"}})), 200);
  EXPECT_EQ(StatusOf(access, Get({{"host", "any"}, {"cookie", "xslabhound=abc"}})), 401);
  EXPECT_EQ(StatusOf(access, Get({{"host", "any"}, {"cookie", "slabhound="}})), 401);
  Request first = Get({{"host", "any"}});
  first.query = {{"token", "abc"}};
  EXPECT_EQ(StatusOf(access, first), 303);
  first.query = {{"token", ""}};
  EXPECT_EQ(StatusOf(access, first), 401);
}

TEST(Access, AChangeHasTheWordOfOurOwnPages) {
  Access access{.host = "127.0.0.1", .port = 80, .change = "word"};
  Request change = Get({{"host", "localhost:80"},
                        {"x-slabhound-change", "word"},
                        {"content-type", "application/json"}});
  change.method = "POST";
  EXPECT_EQ(StatusOf(access, change), 200);
  change.headers["origin"] = "http://localhost:80";
  EXPECT_EQ(StatusOf(access, change), 200);
  change.headers["origin"] = "http://example.org";
  EXPECT_EQ(StatusOf(access, change), 403);
  change.headers.erase("origin");
  access.is_read_only = true;
  EXPECT_EQ(StatusOf(access, change), 403);
  access.is_read_only = false;
  change.headers["x-slabhound-change"] = "";
  EXPECT_EQ(StatusOf(access, change), 403);
}

TEST(Access, TokensDiffer) {
  EXPECT_EQ(MakeToken().size(), 32u);
  EXPECT_NE(MakeToken(), MakeToken());
}

}  // namespace
}  // namespace slabhound::page
