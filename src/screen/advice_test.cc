#include "screen/advice.h"

#include <gtest/gtest.h>

#include <string>

namespace slabhound::screen {
namespace {

using campaign::BugCounts;
using cause::Severity;

campaign::Outcome OutcomeOf(std::vector<BugCounts> bugs) {
  campaign::Outcome outcome;
  outcome.bugs = std::move(bugs);
  outcome.seconds = 600;
  outcome.tally.cases = 12'000;
  return outcome;
}

TEST(Advice, IsToLookAtTheMostSevereNewBug) {
  campaign::Outcome outcome =
      OutcomeOf({{Severity::MemoryCorruption, "old one", 3, 1, "my findings/old", /*is_new=*/false},
                 {Severity::WrongValue, "new one", 1'290, 2, "my findings/new-1"},
                 {Severity::Refusal, "another", 1, 1, "my findings/new-2"}});
  outcome.tally.buckets = {{"old one", 3}, {"new one", 1'290}, {"another", 1}, {"third", 1}};
  EXPECT_EQ(AdviceText(outcome, "my findings"),
            "next: slabhound repro 'my findings/new-1'\n"
            "      the most severe new bug (wrong value: new one, 1,290 cases)\n"
            "      1 more new bug: slabhound findings 'my findings'\n"
            "risk: one in 6,000 modules shows a new symptom, at this rate each 5 min 0 s (2 "
            "symptoms were seen once)\n\n");
  for (BugCounts& bug : outcome.bugs) bug.is_new = false;
  EXPECT_TRUE(AdviceText(outcome, "my findings")
                  .starts_with("next: nothing new; the most severe bug that was known and showed "
                               "again (memory corruption: old one, 3 cases)\n"
                               "      slabhound repro 'my findings/old'\n"));
}

TEST(Advice, ABugThatCameBackComesBeforeNewOnes) {
  BugCounts back{Severity::WrongValue, "old one", 0, 0, "findings/old", /*is_new=*/false};
  back.came_back = true;
  const campaign::Outcome outcome =
      OutcomeOf({back, {Severity::MemoryCorruption, "new one", 9, 2, "findings/new"}});
  EXPECT_TRUE(AdviceText(outcome, "findings")
                  .starts_with("next: slabhound repro findings/old\n"
                               "      it was fixed, and came back (wrong value: old one, 0 cases)\n"
                               "      1 more other bug: slabhound findings findings\n"));
}

TEST(Advice, OfNothingFoundSaysWhatThatMeans) {
  EXPECT_EQ(AdviceText(OutcomeOf({}), "findings"),
            "next: give it more time: nothing found in 12,000 modules, 10 min 0 s\n"
            "risk: less than one in 4,000 modules shows a new symptom (95 % sure): at this rate it "
            "takes more than 3 min 20 s\n\n");
  campaign::Outcome few;
  few.tally.cases = 3;
  EXPECT_EQ(AdviceText(few, "findings"),
            "next: give it more time: nothing found in 3 modules, 0 s\n"
            "risk: not known yet, too few modules ran\n\n");
}

TEST(Advice, BeginsWithAnEngineThatTellsNothing) {
  campaign::Outcome outcome = OutcomeOf({});
  outcome.silent = {"command:x -f {} ran 3 of 100 cases: 0 not run, 97 refused"};
  EXPECT_TRUE(AdviceText(outcome, "findings")
                  .starts_with("next: slabhound engines check 'command:x -f {}'\n"
                               "      it tells next to nothing: command:x -f {} ran 3 of 100"));
}

}  // namespace
}  // namespace slabhound::screen
