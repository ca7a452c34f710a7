#include "check/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/fixture.h"

namespace slabhound::check {
namespace {

using cause::Severity;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Verdict, FailsByTheBound) {
  Report report = ReportOf({BugOf(Severity::WrongValue, "b")});
  EXPECT_EQ(ExitCode(VerdictOf(report)), 1);
  report.fail_on = Severity::WrongValue;
  EXPECT_EQ(ExitCode(VerdictOf(report)), 1);
  report.fail_on = Severity::MemoryCorruption;
  EXPECT_EQ(ExitCode(VerdictOf(report)), 0);
  EXPECT_THAT(VerdictText(report, "out"), StartsWith("nothing to do: no new bug at or above"));
  EXPECT_THAT(VerdictText(report, "out"), HasSubstr("1 new bug below --fail-on memory corruption"));
}

TEST(Verdict, ARegressionFileThatFailsIsAFailure) {
  Report report = ReportOf({});
  report.regressions = {{"a.wast", "v8", RegressionOutcome::Passed, 0, {}},
                        {"b.wast", "v8", RegressionOutcome::Failed, 3, "v8: other returns"}};
  EXPECT_EQ(VerdictOf(report), Verdict::Failed);
  EXPECT_THAT(VerdictText(report, "out"), StartsWith("look at the regression first: b.wast:3: "));
}

TEST(Verdict, AnEngineThatDidNotRunComesFirst) {
  Report report = ReportOf({});
  report.interrupted = true;
  EXPECT_EQ(ExitCode(VerdictOf(report)), 3);
  report.silent = {"v8 ran 1 of 100"};
  EXPECT_EQ(ExitCode(VerdictOf(report)), 2);
  EXPECT_THAT(VerdictText(report, "out"), StartsWith("look at the engine first: v8 ran 1 of 100"));
  report.bugs = {BugOf(Severity::Hang, "h")};
  EXPECT_EQ(ExitCode(VerdictOf(report)), 2);
  EXPECT_THAT(VerdictText(report, "out"), HasSubstr("hang: h (2 cases, 1 symptom)"));
}

TEST(Verdict, SaysFirstWhatToDo) {
  const Report report = ReportOf({BugOf(Severity::Hang, "hangs")});
  EXPECT_THAT(VerdictText(report, "my out"),
              StartsWith("look at the worst new bug first: slabhound repro "
                         "'my out/findings/bug'\n"));
  EXPECT_EQ(ExitCode(VerdictOf(ReportOf({}))), 0);
  EXPECT_THAT(VerdictText(ReportOf({}), "out"),
              StartsWith("nothing to do: no new bug\nfine: 100 modules of seed 7 on v8"));
}

}  // namespace
}  // namespace slabhound::check
