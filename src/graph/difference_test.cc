// Goal: a difference names the first place where two heaps differ, and what is wrong there.
#include "graph/difference.h"

#include <gtest/gtest.h>

#include "graph/fixture.h"

namespace slabhound::graph {
namespace {

using trace::Told;
using trace::ToldKind;

class Differences : public testing::Test {
 protected:
  // "WRONG at PATH: EXPECTED, FOUND" of the first place.
  std::string First() const {
    const Difference difference = Compare(expected_, found_);
    if (difference.places.empty()) return "none";
    const Place& place = difference.places.front();
    return std::string(WrongText(place.wrong)) + " at " +
           PathText(expected_, difference, place, names_) + ": " +
           names_.Value(expected_, ExpectedAt(expected_, place)) + ", " +
           FoundText(expected_, found_, difference, place, names_);
  }

  const testcase::Prepared prepared_ = trace::PreparedText(kList, {{"run", {}}});
  const NodeNames names_{prepared_.module};
  const Graph expected_ = *LastGraph(prepared_);
  Graph found_ = expected_;
};

TEST_F(Differences, OfEqualGraphsAreNone) { EXPECT_EQ(First(), "none"); }

TEST_F(Differences, ALostReference) {
  found_.nodes[0].fields[3] = {ToldKind::Null, 0};
  EXPECT_EQ(First(), "lost reference at result 0 [3]: #4 struct $node, null");
  found_ = expected_;
  found_.nodes[22].fields[1] = {ToldKind::I31, 7};
  EXPECT_EQ(First(), "lost reference at result 2 . $next: #23 struct $node, i31 7");
}

TEST_F(Differences, AStaleReference) {
  found_.nodes[0].fields[3] = {ToldKind::Root, 3};
  EXPECT_EQ(First(),
            "stale reference at result 0 [3]: #4 struct $node, #3 struct $node, which is expected "
            "at result 0 [2]");
  found_ = expected_;
  found_.nodes[20].fields[2] = {ToldKind::Root, 0};
  EXPECT_EQ(First(),
            "stale reference at result 0 [19] . $other: #21 array $bytes of length 200, #0 array "
            "$list of length 20, which is expected at result 0");
  found_ = expected_;
  found_.nodes[21].length = 5;
  EXPECT_EQ(First(),
            "stale reference at result 0 [19] . $other: #21 array $bytes of length 200, #21 array "
            "$bytes of length 5");
}

TEST_F(Differences, AWrongValue) {
  found_.nodes[21].fields[198] = {ToldKind::I32, 13};
  EXPECT_EQ(First(), "wrong value at result 0 [19] . $other [198]: i32 12, i32 13");
}

TEST_F(Differences, WhatWasCutIsNotCompared) {
  found_.nodes[0].fields[3] = {ToldKind::Cut, 0};
  EXPECT_EQ(First(), "none");
}

TEST_F(Differences, AreCountedAndBounded) {
  for (Told& field : found_.nodes[21].fields) field.bits = 13;
  const Difference difference = Compare(expected_, found_);
  EXPECT_EQ(difference.count, 200u);
  EXPECT_EQ(difference.places.size(), kPlacesMax);
}

}  // namespace
}  // namespace slabhound::graph
