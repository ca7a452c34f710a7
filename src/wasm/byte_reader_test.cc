#include "wasm/byte_reader.h"

#include <gtest/gtest.h>

#include <string_view>

namespace slabhound::wasm {
namespace {

TEST(ByteReader, FirstErrorSticksAndNothingMovesBehindIt) {
  const Bytes bytes = {5, 0x80};
  ByteReader in(bytes, 100);
  EXPECT_EQ(in.Byte(), 5);
  EXPECT_EQ(in.U32(), 0u);
  EXPECT_FALSE(in.ok());
  in.Fail(ErrorCode::BadMagic);
  EXPECT_EQ(in.Byte(), 0);
  EXPECT_EQ(in.offset(), 101u);
  const Error error = in.TakeError();
  EXPECT_EQ(error.code, ErrorCode::UnexpectedEnd);
  EXPECT_EQ(error.offset, 101u);
}

TEST(ByteReader, CountsAreHeldAgainstWhatIsLeft) {
  const Bytes bytes = {3, 0, 0, 0, 2, 0};
  ByteReader in(bytes);
  EXPECT_EQ(in.Count(10, "things"), 3u);
  EXPECT_EQ(in.Take(3).size(), 3u);
  EXPECT_EQ(in.Count(10, "things"), 0u);
  EXPECT_EQ(in.TakeError().detail, "2 things declared, 1 bytes left");
}

TEST(ByteReader, CountsAreHeldAgainstTheirLimit) {
  const Bytes bytes = {3, 0, 0, 0};
  ByteReader in(bytes);
  EXPECT_EQ(in.Count(2, "things"), 0u);
  EXPECT_EQ(in.TakeError().code, ErrorCode::LimitExceeded);
}

TEST(IsUtf8, AcceptsScalarValuesInTheirShortestForm) {
  for (const std::string_view text :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(AsBytes(text)));
  }
}

TEST(IsUtf8, RejectsEverythingElse) {
  for (const std::string_view text :
       {"\x80", "\xbf", "\xc2", "\xc2x", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xe1\x80",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(IsUtf8(AsBytes(text)));
  }
}

}  // namespace
}  // namespace slabhound::wasm
