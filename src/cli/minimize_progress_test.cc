#include "cli/minimize_progress.h"

#include <gtest/gtest.h>

namespace slabhound::cli {
namespace {

TEST(MinimizeProgress, EstimatesTheRound) {
  const minimizer::Counts counts{.rounds = 3};
  const auto text = [&counts](size_t place, double seconds) {
    return RoundText(
        {.bytes = 9, .counts = counts, .reducer = "globals", .place = place, .reducers = 24},
        seconds);
  };
  EXPECT_EQ(text(1, 8), "round 3: 0 of 24, 8 s (globals)");
  EXPECT_EQ(text(7, 8), "round 3: 6 of 24, 8 s, about 24 s left (globals)");
  EXPECT_EQ(text(7, 1), "round 3: 6 of 24, 1 s (globals)");
}

}  // namespace
}  // namespace slabhound::cli
