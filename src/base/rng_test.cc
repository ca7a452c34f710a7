#include "base/rng.h"

#include <gtest/gtest.h>

namespace slabhound {
namespace {

TEST(Rng, SequenceIsFixedForEver) {
  // A change here changes every module of every campaign seed.
  Rng rng(0);
  EXPECT_EQ(rng.Next(), 0xe220a8397b1dcdafu);
  EXPECT_EQ(rng.Next(), 0x6e789e6aa1b965f4u);
}

TEST(Rng, ForksDoNotDependOnUse) {
  Rng used(7);
  used.Next();
  EXPECT_EQ(used.Fork("plan").Next(), Rng(7).Fork("plan").Next());
  EXPECT_EQ(used.Fork(3).Next(), Rng(7).Fork(3).Next());
  EXPECT_NE(Rng(7).Fork("plan").Next(), Rng(7).Fork("bytes").Next());
  EXPECT_NE(Rng(7).Fork(3).Next(), Rng(7).Fork(4).Next());
}

TEST(Rng, BelowStaysBelowAndReachesEveryValue) {
  Rng rng(1);
  uint32_t seen = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t value = rng.Below(10);
    ASSERT_LT(value, 10u);
    seen |= 1u << value;
  }
  EXPECT_EQ(seen, 0x3ffu);
}

}  // namespace
}  // namespace slabhound
