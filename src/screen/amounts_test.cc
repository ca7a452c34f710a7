#include "screen/amounts.h"

#include <gtest/gtest.h>

#include <limits>

namespace slabhound::screen {
namespace {

TEST(Amounts, AreReadByPeople) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(1'234'567), "1,234,567");
  EXPECT_EQ(RateText(0.26), "0.3/s");
  EXPECT_EQ(RateText(1'234.5), "1,235/s");
  EXPECT_EQ(DurationText(59.9), "59 s");
  EXPECT_EQ(DurationText(130), "2 min 10 s");
  EXPECT_EQ(DurationText(11'040), "3 h 4 min");
  EXPECT_EQ(DurationText(453'600), "5 d 6 h");
  EXPECT_EQ(DurationText(-1), "0 s");
  EXPECT_EQ(DurationText(std::numeric_limits<double>::infinity()), "11,574,074,074 d 1 h");
  EXPECT_EQ(BytesText(1023), "1023 B");
  EXPECT_EQ(BytesText(1536), "1.5 KiB");
  EXPECT_EQ(BytesText(uint64_t{200} << 20), "200 MiB");
  EXPECT_EQ(ShareText(1, 3), "33.3 %");
  EXPECT_EQ(ShareText(0, 0), "-");
}

TEST(Amounts, TakeAColumnForACharacter) {
  EXPECT_EQ(Printable("a\x1b[2Jb\n\xE2\x80\xA6 \x7f"), "a?[2Jb?? ?");
  EXPECT_EQ(Cut("12345", 5), "12345");
  EXPECT_EQ(Cut("123456", 5), "12...");
  EXPECT_EQ(Cut("123456", 2), "12");
}

}  // namespace
}  // namespace slabhound::screen
