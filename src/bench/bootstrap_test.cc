// Intervals and effect sizes on samples whose values are known.
#include "bench/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bench/effect_size.h"

namespace slabhound::bench {
namespace {

double Mean(std::span<const Observation> observations) {
  double sum = 0;
  for (const Observation& each : observations) sum += each.time;
  return sum / static_cast<double>(observations.size());
}

TEST(Bootstrap, OfAMeanComesNearTheNormalInterval) {
  // 1 to 100: the mean is 50.5, its standard error 28.87 / 10.
  std::vector<Observation> all;
  for (int i = 1; i <= 100; ++i) all.push_back({static_cast<double>(i), true});
  const Interval interval = Bootstrap(all, Mean, Rng(1));
  EXPECT_NEAR(interval.low, 50.5 - 1.96 * 2.887, 0.8);
  EXPECT_NEAR(interval.high, 50.5 + 1.96 * 2.887, 0.8);
  EXPECT_EQ(interval, Bootstrap(all, Mean, Rng(1)));
}

TEST(Bootstrap, OfOneValueIsThatValue) {
  const std::vector<Observation> one = {{3, true}};
  EXPECT_EQ(Bootstrap(one, Mean, Rng(1)), (Interval{3, 3}));
}

TEST(Bootstrap, OfAMedianMayReachNever) {
  const std::vector<Observation> all = {{1, true}, {2, true}, {60, false}, {60, false}};
  const auto median = [](std::span<const Observation> drawn) {
    return MedianTime(KaplanMeier(drawn));
  };
  const Interval interval = Bootstrap(all, median, Rng(1));
  EXPECT_EQ(interval.low, 1);
  EXPECT_EQ(interval.high, kNever);
}

TEST(Bootstrap, TheMiddleLeavesATwentieth) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(i);
  EXPECT_EQ(MiddleOf(values), (Interval{25, 975}));
}

TEST(A12, IsTheChanceOfBeingSooner) {
  const std::vector<Observation> a = {{1, true}, {2, true}}, b = {{2, true}, {3, true}};
  EXPECT_EQ(A12(a, b), 0.875);  // 3 pairs of 4, and a tie
  EXPECT_EQ(A12(b, a), 0.125);
  EXPECT_EQ(A12(a, a), 0.5);
}

TEST(A12, WhatDidNotHappenIsLast) {
  const std::vector<Observation> a = {{50, true}}, never = {{10, false}, {60, false}};
  EXPECT_EQ(A12(a, never), 1);
  EXPECT_EQ(A12(never, never), 0.5);
}

}  // namespace
}  // namespace slabhound::bench
