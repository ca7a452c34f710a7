#include "screen/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace slabhound::screen {
namespace {

using campaign::EventKind;

TEST(Lines, QuietOnesAreFindingsAndWhatNeedsAPerson) {
  std::vector<std::string> all, quiet;
  Lines both[] = {Lines([&](const std::string& line) { all.push_back(line); }),
                  Lines([&](const std::string& line) { quiet.push_back(line); }, Volume::Quiet)};
  for (Lines& lines : both) {
    lines.Say("a detail");
    lines.Warn("an engine is silent");
    lines.Tell({.kind = EventKind::Finding, .line = "finding: x"});
    lines.Tell({.kind = EventKind::Minimized, .line = "x minimized"});
    EXPECT_FALSE(lines.IsDue(9));
    if (lines.IsDue(10)) lines.Show({.seconds = 10});
    EXPECT_FALSE(lines.IsDue(19));
  }
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(all.at(0), "slabhound: a detail");
  EXPECT_TRUE(all.at(4).starts_with("0 modules, 0/s"));
  EXPECT_THAT(quiet,
              testing::ElementsAre("slabhound: an engine is silent", "slabhound: finding: x"));
}

}  // namespace
}  // namespace slabhound::screen
