// What is said of trials is what their rows say.
#include "bench/summary.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "bench/page.h"
#include "bench/table.h"

namespace slabhound::bench {
namespace {

constexpr std::string_view kConfiguration = "oracle slab:mark_sweep:explicit";

TrialRow Row(std::string fault, uint64_t seed, std::string generator, double seconds,
             std::optional<Signal> signal) {
  TrialRow row = {
      .key = {std::move(fault), seed, std::move(generator), std::string(kConfiguration)},
      .bounds = {.cpu_seconds = 60},
      .result = {.outcome = signal ? Outcome::Detected : Outcome::Censored,
                 .end = {static_cast<uint64_t>(seconds * 100), seconds},
                 .signal = signal.value_or(Signal::Wrong)}};
  if (signal) {
    row.result.reached = row.result.triggered = {1, row.result.end};
    row.result.symptom = SignalName(*signal);
  }
  return row;
}

std::vector<TrialRow> Rows() {
  std::vector<TrialRow> rows;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const auto time = static_cast<double>(seed);
    rows.push_back(Row("trace-array-edge-count", seed, "slabhound", time, Signal::Stale));
    rows.push_back(Row("trace-array-edge-count", seed, "baseline", 60, std::nullopt));
    rows.push_back(Row("root-runtime-global", seed, "slabhound", time / 4, Signal::Stale));
    rows.push_back(Row("root-runtime-global", seed, "baseline", time, Signal::Assert));
    rows.push_back(Row("none", seed, "slabhound", 60, std::nullopt));
  }
  return rows;
}

Summary Sum(const std::vector<TrialRow>& rows) {
  return Summarize(rows, std::string(kConfiguration));
}

TEST(Summary, CountsByFaultAndGeneratorInTheCataloguesOrder) {
  const Summary summary = Sum(Rows());
  ASSERT_EQ(summary.faults.size(), 2u);
  EXPECT_EQ(summary.faults[0].fault, "root-runtime-global");
  EXPECT_EQ(summary.faults[0].number, "F05");
  ASSERT_EQ(summary.faults[0].groups.size(), 2u);
  const Group& group = summary.faults[0].groups[0];
  EXPECT_EQ(group.generator, "slabhound");
  EXPECT_EQ(group.trials, 3u);
  EXPECT_EQ(group.detected, 3u);
  EXPECT_EQ(group.signals.at(Signal::Stale), 3u);
  EXPECT_EQ(MedianOf(group.seconds), 0.5);
  EXPECT_EQ(MedianOf(group.modules), 50);
  EXPECT_EQ(group.median_seconds, (Interval{0.25, 0.75}));
  EXPECT_EQ(MedianOf(summary.faults[1].groups[1].seconds), kNever);
}

TEST(Summary, HoldsOneGeneratorAgainstTheOther) {
  const Summary summary = Sum(Rows());
  EXPECT_EQ(summary.faults[0].a12, 1);
  EXPECT_EQ(summary.faults[1].a12, 1);
  EXPECT_EQ(summary.a12, 1);
  ASSERT_EQ(summary.totals.size(), 2u);
  EXPECT_EQ(summary.totals[0].found_always, 2u);
  EXPECT_EQ(summary.totals[0].median_of_medians, 0.5);
  EXPECT_EQ(summary.totals[1].found_never, 1u);
}

TEST(Summary, OfTheCleanEngineStandsApart) {
  std::vector<TrialRow> rows = Rows();
  EXPECT_EQ(Sum(rows).clean.at(0).detected, 0u);
  rows.push_back(Row("none", 4, "slabhound", 1, Signal::Wrong));
  const Summary summary = Sum(rows);
  EXPECT_EQ(summary.clean.at(0).detected, 1u);
  EXPECT_EQ(summary.symptoms->v_measure(), Sum(Rows()).symptoms->v_measure());
}

TEST(Summary, LeavesOutWhatDied) {
  std::vector<TrialRow> rows = Rows();
  rows.push_back(Row("root-runtime-global", 9, "slabhound", 50, std::nullopt));
  rows.back().result.outcome = Outcome::Died;
  const Summary summary = Sum(rows);
  const Group& group = summary.faults[0].groups[0];
  EXPECT_EQ(group.died, 1u);
  EXPECT_EQ(group.seconds.size(), 3u);
}

TEST(Summary, DoesNotDependOnTheOrderOfRows) {
  std::vector<TrialRow> rows = Rows();
  const std::string markdown = MarkdownText(Sum(rows));
  const std::string page = PageText(Sum(rows));
  std::ranges::reverse(rows);
  EXPECT_EQ(MarkdownText(Sum(rows)), markdown);
  EXPECT_EQ(PageText(Sum(rows)), page);
}

TEST(Summary, OfOtherConfigurationsSaysNothing) {
  const Summary summary = Summarize(Rows(), "oracle");
  EXPECT_TRUE(summary.faults.empty());
  EXPECT_NE(PageText(summary).find("</html>"), std::string::npos);
}

TEST(Table, TellsTimesThatWereNotReached) {
  const std::string markdown = MarkdownText(Sum(Rows()));
  EXPECT_NE(markdown.find("| F13 trace-array-edge-count | slabhound | 3/3 | 3/3 | 3/3 | STALE 3 | "
                          "200 | 2.00 | 1.00 to 3.00 | 1.00 |\n"),
            std::string::npos)
      << markdown;
  EXPECT_NE(markdown.find("|  | baseline | 0/3 | 0/3 | 0/3 |  | > 6000 | > 60 | > 60 |  |\n"),
            std::string::npos)
      << markdown;
  EXPECT_NE(markdown.find("Without a fault: 0 false alarms in 3 trials, 18000 modules, 180 CPU s."),
            std::string::npos)
      << markdown;
}

TEST(Page, HasACurveForEachFaultAndTakesNothingFromElsewhere) {
  std::vector<TrialRow> rows = Rows();
  rows.push_back(Row("a <b> \"c\"", 1, "slabhound", 1, Signal::Wrong));
  const std::string page = PageText(Sum(rows));
  EXPECT_NE(page.find("F05 root-runtime-global</figcaption><svg"), std::string::npos);
  EXPECT_NE(page.find("a &lt;b&gt; &quot;c&quot;"), std::string::npos);
  EXPECT_EQ(page.find("a <b>"), std::string::npos);
  for (const char* foreign : {"http:", "https:", "<script", "<link", "url("}) {
    EXPECT_EQ(page.find(foreign), std::string::npos) << foreign;
  }
}

}  // namespace
}  // namespace slabhound::bench
