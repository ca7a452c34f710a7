#include "screen/progress.h"

#include <gtest/gtest.h>

namespace slabhound::screen {
namespace {

TEST(Progress, EstimatesFromWhatIsDone) {
  EXPECT_EQ(ProgressText("regress", 12, 40, 30), "regress: 12 of 40, 30 s, about 1 min 10 s left");
  EXPECT_EQ(ProgressText("regress", 0, 40, 30), "regress: 0 of 40, 30 s");
  EXPECT_EQ(ProgressText("regress", 1, 40, 1.5), "regress: 1 of 40, 1 s");
  EXPECT_EQ(ProgressText("regress", 40, 40, 90), "regress: 40 of 40, 1 min 30 s");
}

}  // namespace
}  // namespace slabhound::screen
