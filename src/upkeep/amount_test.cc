#include "upkeep/amount.h"

#include <gtest/gtest.h>

namespace slabhound::upkeep {
namespace {

TEST(Amount, HasOneUnitOrNone) {
  EXPECT_EQ(ParseBytes("4096"), 4096u);
  EXPECT_EQ(ParseBytes("512M"), 512u << 20);
  EXPECT_EQ(ParseBytes("20G"), uint64_t{20} << 30);
  EXPECT_EQ(ParseBytes("16777215T"), uint64_t{16777215} << 40);
  EXPECT_EQ(ParseSeconds("120"), 120u);
  EXPECT_EQ(ParseSeconds("90s"), 90u);
  EXPECT_EQ(ParseSeconds("30d"), 30u * 86400);
}

TEST(Amount, IsNothingElse) {
  for (const char* text : {"", "M", "0", "0M", "-1", "1.5G", "1 G", "1GB", "1MM", "16777216T",
                           "18446744073709551616", "30d", "1g"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
  for (const char* text : {"", "d", "0s", "1w", "1hs", " 1", "5M"}) {
    EXPECT_EQ(ParseSeconds(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace slabhound::upkeep
