#include "campaign/pace.h"

#include <gtest/gtest.h>

namespace slabhound::campaign {
namespace {

TEST(Pace, IsThatOfTheLastMinute) {
  Pace pace;
  EXPECT_EQ(pace.PerSecond(), 0);
  pace.Add(10, 50);
  EXPECT_EQ(pace.PerSecond(), 5);
  // What comes sooner than half a second is not looked at.
  pace.Add(10.2, 90);
  EXPECT_EQ(pace.PerSecond(), 5);
  for (int second = 20; second <= 200; second += 10) {
    pace.Add(second, static_cast<uint64_t>(50 + (second - 10) * 2));
  }
  EXPECT_EQ(pace.PerSecond(), 2);
}

}  // namespace
}  // namespace slabhound::campaign
