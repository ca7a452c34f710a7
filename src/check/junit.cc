#include "check/junit.h"

#include <fmt/format.h>

#include <vector>

#include "base/markup.h"

namespace slabhound::check {
namespace {

struct Test {
  std::string name;
  enum class Kind : uint8_t { Passed, Failure, Error, Skipped } kind = Kind::Passed;
  std::string type = {}, message = {}, text = {};
};
using Kind = Test::Kind;

Test CampaignTest(const Report& report) {
  Test test{fmt::format("campaign of seed {}", report.seed)};
  if (!report.failure.empty()) return {test.name, Kind::Error, "campaign", report.failure};
  for (const std::string& line : report.silent) {
    test.kind = Kind::Error;
    test.type = "engine";
    test.message += (test.message.empty() ? "" : "; ") + line;
  }
  return test;
}

Test BugTest(const Report& report, const Bug& bug) {
  const std::string severity(cause::SeverityName(bug.severity));
  Test test{fmt::format("{}: {} [{}]", severity, bug.name, bug.folder)};
  test.kind = report.Counts(bug) ? Kind::Failure : Kind::Skipped;
  test.type = severity;
  test.message = fmt::format("{}, {}{}", Plural(bug.cases, "case"), Plural(bug.symptoms, "symptom"),
                             report.Counts(bug) ? "" : "; below the bound");
  test.text = fmt::format("{}\nIn the folder of artifacts: slabhound repro {}\n", bug.explanation,
                          bug.folder);
  return test;
}

Test RegressionTest(const Regression& regression) {
  constexpr Kind kKinds[] = {Kind::Passed, Kind::Failure, Kind::Skipped};
  Test test{regression.file};
  test.kind = kKinds[static_cast<size_t>(regression.outcome)];
  test.type = "regression";
  test.message = regression.outcome == RegressionOutcome::Failed
                     ? fmt::format("line {}: {}", regression.line, regression.text)
                     : regression.text;
  return test;
}

std::vector<Test> TestsOf(const Report& report, const std::string& engine) {
  std::vector<Test> tests = {CampaignTest(report)};
  for (const Bug& bug : report.bugs) {
    if (bug.engine == engine) tests.push_back(BugTest(report, bug));
  }
  for (const KnownCount& known : report.known) {
    if (known.engine != engine) continue;
    tests.push_back({fmt::format("known: {}", known.row), Kind::Skipped, "known",
                     fmt::format("{}: {}", Plural(known.cases, "case"), known.reason)});
  }
  for (const Regression& regression : report.regressions) {
    if (regression.engine == engine) tests.push_back(RegressionTest(regression));
  }
  return tests;
}

std::string TestText(const Test& test, const std::string& engine) {
  constexpr const char* kElements[] = {"", "failure", "error", "skipped"};
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                 MarkupText("slabhound " + engine), MarkupText(test.name));
  if (test.kind == Kind::Passed) return text + "/>\n";
  const char* element = kElements[static_cast<size_t>(test.kind)];
  text += fmt::format(">\n      <{} message=\"{}\"", element, MarkupText(test.message));
  // The schema gives a skipped one no type.
  if (test.kind != Kind::Skipped) text += fmt::format(" type=\"{}\"", MarkupText(test.type));
  text += test.text.empty() ? "/>\n" : fmt::format(">{}</{}>\n", MarkupText(test.text), element);
  return text + "    </testcase>\n";
}

struct Counts {
  size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void Add(const Test& test) {
    ++tests;
    failures += test.kind == Kind::Failure ? 1 : 0;
    errors += test.kind == Kind::Error ? 1 : 0;
    skipped += test.kind == Kind::Skipped ? 1 : 0;
  }
  std::string Text() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures,
                       errors, skipped);
  }
};

}  // namespace

std::string JunitText(const Report& report) {
  std::string suites;
  for (const std::string& engine : report.engines) {
    Counts counts;
    std::string tests;
    for (const Test& test : TestsOf(report, engine)) {
      counts.Add(test);
      tests += TestText(test, engine);
    }
    suites += fmt::format(
        "  <testsuite name=\"{}\" {}>\n"
        "    <properties>\n"
        "      <property name=\"seed\" value=\"{}\"/>\n"
        "      <property name=\"modules\" value=\"{}\"/>\n"
        "    </properties>\n{}  </testsuite>\n",
        MarkupText(engine), counts.Text(), report.seed, report.tally.cases, tests);
  }
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n{}</testsuites>\n",
                     suites);
}

}  // namespace slabhound::check
