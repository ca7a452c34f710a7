#include "upkeep/removal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slabhound::upkeep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Removal, TakesTheOldestOfLoudSymptomsFirst) {
  const std::vector<KeptFile> files = {
      {.bytes = 30, .symptom_cases = 1, .made = 1},
      {.bytes = 30, .symptom_cases = 900, .made = 50},
      {.bytes = 30, .symptom_cases = 600, .made = 40},
      {.bytes = 30, .symptom_cases = 5'000, .made = 60, .is_needed = true},
      {.bytes = 30, .symptom_cases = 20, .made = 2},
  };
  const auto plan = [&](uint64_t bytes_max) {
    return PlanRemoval(files, 1'000, {.bytes_max = bytes_max}, 100);
  };
  EXPECT_THAT(plan(1'000).files, IsEmpty());
  // 900 and 600 are as loud as each other; a tenth is spared.
  EXPECT_THAT(plan(999).files, ElementsAre(2, 1, 4, 0));
  EXPECT_THAT(plan(900).files, ElementsAre(2, 1, 4, 0));
  EXPECT_TRUE(plan(900).is_enough);
  EXPECT_FALSE(plan(800).is_enough);
  EXPECT_EQ(plan(800).bytes, 120u);
  EXPECT_THAT(PlanRemoval(files, 120, {.bytes_max = 110}, 100).files, ElementsAre(2));
}

TEST(Removal, TakesWhatIsTooOldInAnyCase) {
  const std::vector<KeptFile> files = {{.bytes = 5, .symptom_seen = 10},
                                       {.bytes = 5, .symptom_seen = 95},
                                       {.bytes = 5, .symptom_seen = 10, .is_needed = true},
                                       {.bytes = 5, .symptom_seen = 200}};
  EXPECT_THAT(PlanRemoval(files, 20, {.age_max = 50}, 100).files, ElementsAre(0));
  EXPECT_THAT(PlanRemoval(files, 20, {}, 100).files, IsEmpty());
  // The other limit may be met by that alone.
  EXPECT_THAT(PlanRemoval(files, 20, {.bytes_max = 15, .age_max = 50}, 100).files, ElementsAre(0));
}

}  // namespace
}  // namespace slabhound::upkeep
