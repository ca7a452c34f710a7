#include "check/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/fixture.h"

namespace slabhound::check {
namespace {

using cause::Severity;
using testing::HasSubstr;
using testing::Not;

TEST(Junit, ASuiteForEachEngineAndATestForEachBug) {
  Report report = ReportOf({BugOf(Severity::MemoryCorruption, "panic: <id> & \"slab\""),
                            BugOf(Severity::Refusal, "refused")});
  report.engines = {"v8", "jsc"};
  report.fail_on = Severity::WrongValue;
  report.known = {{"stale-id", "fixed in 44", "v8", 3}};
  report.regressions = {{"a.wast", "jsc", RegressionOutcome::Failed, 4, "jsc: other returns"},
                        {"b.wast", "jsc", RegressionOutcome::NotRun, 0, "no scripts"}};
  const std::string text = JunitText(report);
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"v8\" tests=\"4\" failures=\"1\" errors=\"0\" "
                              "skipped=\"2\">"));
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"jsc\" tests=\"3\" failures=\"1\" errors=\"0\" "
                              "skipped=\"1\">"));
  EXPECT_THAT(text, HasSubstr("name=\"memory corruption: panic: &lt;id&gt; &amp; "
                              "&quot;slab&quot; [findings/bug]\""));
  EXPECT_THAT(text, HasSubstr("<failure message=\"line 4: jsc: other returns\""));
  EXPECT_THAT(text, HasSubstr("<skipped message=\"3 cases: fixed in 44\"/>"));
  EXPECT_THAT(text, HasSubstr("below the bound"));
}

TEST(Junit, AnEngineThatRanTooLittleIsAnError) {
  Report report = ReportOf({});
  EXPECT_THAT(JunitText(report), Not(HasSubstr("<error")));
  report.silent = {"v8 ran 1 of 100"};
  EXPECT_THAT(JunitText(report), HasSubstr("<error message=\"v8 ran 1 of 100\" type=\"engine\"/>"));
}

}  // namespace
}  // namespace slabhound::check
