// Goal: a trial's row follows from its key, is written once, and survives whatever ends the run.
//
// Method: trials of a few modules, with a fault that shows at once where the build has it.
#include "bench/trials.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/file.h"
#include "base/test_folder.h"

namespace slabhound::bench {
namespace {

TrialPlan PlanIn(const TestFolder& folder, uint64_t modules) {
  return {.faults = {heap::Fault::None},
          .seeds = {1, 2},
          .generators = {gen::kGenerators.begin(), gen::kGenerators.end()},
          .engines = engine::CampaignEngines(),
          .bounds = {.cpu_seconds = 600, .modules = modules},
          .jobs = 2,
          .folder = folder.path()};
}

std::vector<TrialRow> RowsOf(const TrialPlan& plan) {
  const auto trials = RunTrials(plan);
  EXPECT_TRUE(trials.has_value()) << (trials ? "" : trials.error());
  return trials ? trials->rows : std::vector<TrialRow>();
}

// In order of keys, without what depends on the machine.
std::vector<TrialRow> WithoutTimes(std::vector<TrialRow> rows) {
  for (TrialRow& row : rows) {
    for (Moment* each : {&row.result.end, &row.result.reached.first, &row.result.triggered.first}) {
      each->cpu_seconds = 0;
    }
  }
  std::ranges::sort(rows, {}, &TrialRow::key);
  return rows;
}

TEST(Trials, WithoutAFaultAreCensoredAtTheirBound) {
  const TestFolder folder;
  const std::vector<TrialRow> rows = RowsOf(PlanIn(folder, 20));
  ASSERT_EQ(rows.size(), 4u);
  for (const TrialRow& row : rows) {
    EXPECT_EQ(row.result.outcome, Outcome::Censored) << row.result.symptom;
    EXPECT_EQ(row.result.end.modules, 20u);
    EXPECT_GT(row.result.end.cpu_seconds, 0);
    EXPECT_EQ(row.result.reached.count, 0u);
  }
}

TEST(Trials, AreBoundedByCpuTime) {
  const TestFolder folder;
  TrialPlan plan = PlanIn(folder, 0);
  plan.seeds = {1};
  plan.bounds.cpu_seconds = 0.2;
  for (const TrialRow& row : RowsOf(plan)) {
    EXPECT_EQ(row.result.outcome, Outcome::Censored);
    EXPECT_GE(row.result.end.cpu_seconds, 0.2);
    EXPECT_GT(row.result.end.modules, 0u);
  }
}

TEST(Trials, FindAFaultAtTheSameModuleWheneverTheyRun) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const TestFolder first, second;
  TrialPlan plan = PlanIn(first, 400);
  plan.faults = {heap::Fault::RootRuntimeGlobal};
  const std::vector<TrialRow> rows = RowsOf(plan);
  ASSERT_EQ(rows.size(), 4u);
  for (const TrialRow& row : rows) {
    const TrialResult& result = row.result;
    EXPECT_EQ(result.outcome, Outcome::Detected);
    EXPECT_EQ(result.signal, Signal::Stale) << result.symptom;
    EXPECT_GT(result.triggered.count, 0u);
    EXPECT_LE(result.reached.first.modules, result.triggered.first.modules);
    EXPECT_LE(result.triggered.first.modules, result.end.modules);
    EXPECT_NE(result.suspect.find("root-runtime-global"), std::string::npos);
  }
  plan.folder = second.path();
  plan.jobs = 1;
  EXPECT_EQ(WithoutTimes(RowsOf(plan)), WithoutTimes(rows));
}

TEST(Trials, ThatHaveARowAreNotRunAgain) {
  const TestFolder folder;
  TrialPlan plan = PlanIn(folder, 5);
  plan.seeds = {1};
  const std::vector<TrialRow> once = RowsOf(plan);
  ASSERT_EQ(once.size(), 2u);
  plan.seeds = {1, 2};
  const std::vector<TrialRow> rows = RowsOf(plan);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_TRUE(std::equal(once.begin(), once.end(), rows.begin()));
  plan.bounds.modules = 6;
  const auto other = RunTrials(plan);
  ASSERT_FALSE(other.has_value());
  EXPECT_NE(other.error().find("another --out"), std::string::npos) << other.error();
}

TEST(Trials, AKillCostsOnlyWhatIsUnderWay) {
  const TestFolder folder;
  TrialPlan plan = PlanIn(folder, 40);
  plan.seeds = {1, 2, 3, 4, 5, 6};
  std::vector<TrialRow> kept;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(RunTrials(plan));
      _exit(0);
    }
    usleep(150'000);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto rows = ReadRows(folder.File("trials.csv"));
    ASSERT_TRUE(rows.has_value()) << rows.error();
    ASSERT_GE(rows->size(), kept.size());
    EXPECT_TRUE(std::equal(kept.begin(), kept.end(), rows->begin()));
    kept = *rows;
  }
  // What a kill in the middle of a write would leave.
  const std::string path = folder.File("trials.csv");
  auto content = ReadFile(path, 1u << 20);
  ASSERT_TRUE(content.has_value());
  const std::string torn = "none,9,slab";
  content->insert(content->end(), torn.begin(), torn.end());
  ASSERT_TRUE(WriteFile(path, *content));
  EXPECT_EQ(RowsOf(plan).size(), 12u);
}

}  // namespace
}  // namespace slabhound::bench
