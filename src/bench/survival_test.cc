// The estimator on examples whose values are known.
#include "bench/survival.h"

#include <gtest/gtest.h>

namespace slabhound::bench {
namespace {

// The 6-MP arm of Freireich et al. (1963), the example of most textbooks: weeks of remission.
std::vector<Observation> Freireich() {
  std::vector<Observation> all;
  for (const double time : {6, 6, 6, 7, 10, 13, 16, 22, 23}) all.push_back({time, true});
  for (const double time : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) {
    all.push_back({time, false});
  }
  return all;
}

TEST(KaplanMeier, GivesThePublishedCurve) {
  const double times[] = {6, 7, 10, 13, 16, 22, 23};
  const double survivals[] = {0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482};
  const auto steps = KaplanMeier(Freireich());
  ASSERT_EQ(steps.size(), 7u);
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(steps[i].time, times[i]);
    EXPECT_NEAR(steps[i].survival, survivals[i], 5e-5);
  }
  EXPECT_EQ(MedianTime(steps), 23);
  EXPECT_NEAR(RestrictedMean(steps, 35), 23.287, 1e-3);
}

TEST(KaplanMeier, WithoutCensoringIsTheShareThatIsLeft) {
  const std::vector<Observation> all = {{3, true}, {1, true}, {2, true}, {2, true}};
  const auto steps = KaplanMeier(all);
  EXPECT_EQ(steps, (std::vector<SurvivalStep>{{1, 0.75}, {2, 0.25}, {3, 0}}));
  EXPECT_EQ(MedianTime(steps), 2);
  EXPECT_EQ(RestrictedMean(steps, 10), 2);  // the mean
  EXPECT_EQ(SurvivalAt(steps, 0.5), 1);
  EXPECT_EQ(SurvivalAt(steps, 1), 0.75);
  EXPECT_EQ(SurvivalAt(steps, 9), 0);
}

TEST(KaplanMeier, OfNothingThatHappensHasNoMedian) {
  const std::vector<Observation> all = {{5, false}, {5, false}};
  EXPECT_TRUE(KaplanMeier(all).empty());
  EXPECT_EQ(MedianTime({}), kNever);
  EXPECT_EQ(RestrictedMean({}, 5), 5);
}

TEST(KaplanMeier, TheMedianIsTheTimeOfExactlyOneHalf) {
  EXPECT_EQ(MedianTime(KaplanMeier(std::vector<Observation>{{1, true}, {9, false}})), 1);
  EXPECT_EQ(MedianTime(KaplanMeier(std::vector<Observation>{{1, true}, {9, false}, {9, false}})),
            kNever);
}

}  // namespace
}  // namespace slabhound::bench
