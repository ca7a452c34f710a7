// The table sums up; a step is one line.
#include "cli/minimize_account.h"

#include <gtest/gtest.h>

namespace slabhound::cli {
namespace {

TEST(MinimizeAccount, TheTableHasARowForEachReducerThatProposedAndTheirSum) {
  minimizer::Minimized minimized;
  minimized.accounts = {
      {"calls", {.proposed = 5, .candidates = 3, .invalid = 1, .accepted = 2}, 70},
      {"customs", {}, 0},
      {"blocks", {.proposed = 4, .candidates = 1, .accepted = 1}, 8}};
  EXPECT_EQ(AccountTable(minimized),
            "reducer        proposed  invalid    tried accepted    bytes\n"
            "calls                 5        1        3        2       70\n"
            "blocks                4        0        1        1        8\n"
            "all                   9        1        4        3       78\n");
}

TEST(MinimizeAccount, AStepIsOneLine) {
  const testcase::TestCase test_case;
  EXPECT_EQ(StepText({test_case, "blocks", 90, 82, 17}),
            "step             17 blocks         90 -> 82 bytes\n");
}

}  // namespace
}  // namespace slabhound::cli
