// Goal: an engine's heap is said to grow if it does so with each round, and never else.
// Method: the hostile worker, which counts as it is told.
#include "worker/census.h"

#include <gtest/gtest.h>

namespace slabhound::worker {
namespace {

Result<Growth, std::string> Told(std::string how) {
  return GrowthOf(
      {"python3", std::string(SLABHOUND_SOURCE_DIR) + "/src/workers/hostile/hostile_worker.py",
       std::move(how)},
      {.request = {.exports = {"fine"}}, .module = Bytes(8)},
      {.run_time = std::chrono::seconds(20)});
}

TEST(GrowthOf, FindsWhatGrowsWithEachRound) {
  const auto growth = Told("counts 3");
  ASSERT_TRUE(growth.has_value()) << growth.error();
  EXPECT_EQ(growth->unit, "objects");
  EXPECT_EQ(growth->per_round, 3);
}

TEST(GrowthOf, FindsWhatFillsASmallHeap) {
  const auto growth = Told("counts 9 up to 600");
  ASSERT_TRUE(growth.has_value()) << growth.error();
  EXPECT_EQ(growth->per_round, 9);
}

TEST(GrowthOf, TakesNoisyOrSteadyHeapsForNone) {
  for (const char* how : {"counts 0", "counts noise", "counts 9 up to 100"}) {
    const auto growth = Told(how);
    ASSERT_TRUE(growth.has_value()) << how << growth.error();
    EXPECT_EQ(growth->per_round, 0) << how;
  }
}

TEST(GrowthOf, SaysWhyNothingIsCounted) {
  const std::pair<const char*, const char*> kHow[] = {
      {"fine", "cannot count"},
      {"counts nothing", "it did not come to the end of its rounds"},
      {"counts crash", "it ended"},
  };
  for (const auto& [how, why] : kHow) {
    const auto growth = Told(how);
    ASSERT_FALSE(growth.has_value()) << how;
    EXPECT_EQ(growth.error(), why);
  }
}

}  // namespace
}  // namespace slabhound::worker
