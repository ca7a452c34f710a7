#include "cli/minimize_progress.h"

#include <gtest/gtest.h>

namespace slabhound::cli {
namespace {

TEST(MinimizeProgress, EstimatesTheRoundByTheOneBefore) {
  const minimizer::Counts counts{.rounds = 3};
  const auto text = [&counts](size_t place, double last_seconds) {
    return RoundText(
        {.bytes = 9, .counts = counts, .reducer = "globals", .place = place, .reducers = 24},
        last_seconds);
  };
  EXPECT_EQ(text(7, 0), "round 3: 7 of 24 kinds of change (globals)");
  EXPECT_EQ(text(7, 16), "round 3: 7 of 24 kinds of change, about 12 s left of it (globals)");
  EXPECT_EQ(text(24, 48), "round 3: 24 of 24 kinds of change, about 2 s left of it (globals)");
}

}  // namespace
}  // namespace slabhound::cli
