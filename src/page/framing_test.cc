// Where a request ends, and what is none.
#include "page/framing.h"

#include <gtest/gtest.h>

#include <string>

namespace slabhound::page {
namespace {

using State = Framed::State;

TEST(Framing, ARequestEndsBehindItsBody) {
  const std::string head = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n";
  for (size_t i = 0; i < head.size() + 3; ++i) {
    EXPECT_EQ(FindRequest((head + "abc").substr(0, i)).state, State::Incomplete) << i;
  }
  const Framed framed = FindRequest(head + "abcGET ");
  EXPECT_EQ(framed.state, State::Complete);
  EXPECT_EQ(framed.head_bytes, head.size());
  EXPECT_EQ(framed.body_bytes, 3u);
  EXPECT_EQ(FindRequest("GET / HTTP/1.1\r\n\r\n").state, State::Complete);
}

int StatusOf(const std::string& request) {
  const Framed framed = FindRequest(request);
  return framed.state == State::Refused ? framed.status : 0;
}

TEST(Framing, BoundsHoldBeforeAllIsThere) {
  EXPECT_EQ(StatusOf(std::string(kHeadBytesMax, 'a')), 431);
  EXPECT_EQ(StatusOf("GET /" + std::string(kLineBytesMax, 'a') + "\r\n\r\n"), 414);
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nX: " + std::string(kLineBytesMax, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(StatusOf("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n"), 413);
  EXPECT_EQ(StatusOf("POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n"), 0);
}

TEST(Framing, NobodyCanReadItInTwoWays) {
  for (const char* headers :
       {"Content-Length: 1\r\nContent-Length: 1", "content-length: +1", "Content-Length: 1x",
        "Content-Length:", "Content-Length: 99999999999999999999", "X: a\nContent-Length: 1"}) {
    EXPECT_EQ(StatusOf("POST / HTTP/1.1\r\n" + std::string(headers) + "\r\n\r\n"), 400) << headers;
  }
  EXPECT_EQ(StatusOf("POST / HTTP/1.1\r\ntransfer-ENCODING: chunked\r\n\r\n"), 411);
}

}  // namespace
}  // namespace slabhound::page
