// Goal: near things are grouped, a thing in the middle joins no two groups, and what is apart stays
// so.
#include "cause/linkage.h"

#include <gmock/gmock.h>

#include <cmath>

namespace slabhound::cause {
namespace {

using testing::ElementsAre;

// Points of a line.
std::vector<std::vector<double>> Line(const std::vector<double>& points) {
  std::vector<std::vector<double>> distances;
  for (const double a : points) {
    distances.emplace_back();
    for (const double b : points) distances.back().push_back(std::abs(a - b));
  }
  return distances;
}

TEST(Linkage, NearThingsAreOneGroup) {
  EXPECT_THAT(GroupsOf(Line({0, 10, 1, 11}), 2), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(GroupsOf({}, 2), ElementsAre());
}

TEST(Linkage, AChainIsCut) {
  EXPECT_THAT(GroupsOf(Line({0, 1, 2, 3, 4, 5}), 1), ElementsAre(0, 0, 2, 2, 4, 4));
}

TEST(Linkage, WhatIsApartIsNeverOneGroup) {
  auto distances = Line({0, 0, 0});
  distances[0][2] = distances[2][0] = kApart;
  EXPECT_THAT(GroupsOf(distances, 2), ElementsAre(0, 0, 2));
}

}  // namespace
}  // namespace slabhound::cause
