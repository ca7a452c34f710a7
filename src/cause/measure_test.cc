// Goal: V-measure is what the literature says.
#include "cause/measure.h"

#include <gtest/gtest.h>

#include <vector>

namespace slabhound::cause {
namespace {

TEST(Measure, OneBugForEachLabelIsPerfect) {
  const std::vector<Labelled> items = {{"1", "a"}, {"1", "a"}, {"2", "b"}};
  EXPECT_DOUBLE_EQ(Measure(items).v_measure(), 1);
  EXPECT_DOUBLE_EQ(Measure({}).v_measure(), 1);
}

TEST(Measure, OneBugForAllSaysNothing) {
  const std::vector<Labelled> items = {{"1", "a"}, {"1", "b"}};
  EXPECT_DOUBLE_EQ(Measure(items).homogeneity, 0);
  EXPECT_DOUBLE_EQ(Measure(items).completeness, 1);
  EXPECT_DOUBLE_EQ(Measure(items).v_measure(), 0);
}

TEST(Measure, ABugOfEachSymptomIsIncomplete) {
  const std::vector<Labelled> items = {{"1", "a"}, {"2", "a"}, {"3", "b"}, {"4", "b"}};
  EXPECT_DOUBLE_EQ(Measure(items).homogeneity, 1);
  EXPECT_DOUBLE_EQ(Measure(items).completeness, 0.5);
  EXPECT_NEAR(Measure(items).v_measure(), 2.0 / 3, 1e-9);
}

}  // namespace
}  // namespace slabhound::cause
