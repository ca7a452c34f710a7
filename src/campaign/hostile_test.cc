// Goal: a campaign goes on whatever an engine's worker does: no case is lost, each cause is named,
// and what a failure needs to happen again is kept.
//
// Method: campaigns of a few cases with the hostile worker as the engine.
#include "campaign/hostile.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/file.h"
#include "base/test_folder.h"
#include "campaign/campaign.h"
#include "diff/fixture.h"
#include "testcase/testcase.h"
#include "worker/history_section.h"

namespace slabhound::campaign {
namespace {

Options Quick() {
  Options options;
  options.minimize_seconds_max = 0.1;
  return options;
}

Tally Hunt(const TestFolder& folder, const std::string& how, uint64_t modules,
           Options options = Quick()) {
  options.modules = modules;
  options.out = folder.path();
  // Here tries count, not how long a busy machine takes for them.
  options.recurrence_time = std::chrono::minutes(20);
  options.case_wall_seconds_max = 1200;
  options.engines = {{}, Hostile(how)};
  const auto outcome = RunCampaign(options);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error());
  if (outcome) {
    EXPECT_EQ(outcome->failure, "");
  }
  return outcome ? outcome->tally : Tally{};
}

nlohmann::json FindingJson(const TestFolder& folder, const std::string& bucket) {
  const auto content = ReadFile(folder.File(bucket + "/finding.json"), 1u << 20);
  EXPECT_TRUE(content.has_value()) << bucket;
  return content ? nlohmann::json::parse(*content, nullptr, false) : nlohmann::json::object();
}

TEST(HostileWorker, CostsNoCaseAndIsNamed) {
  const TestFolder folder;
  const Tally tally = Hunt(folder, "idle-by-module", 100);
  EXPECT_EQ(tally.cases, 100u);
  EXPECT_EQ(tally.findings + tally.poisoned, 100u);
  for (const char* signature : {"crash: SIGSEGV", "abort", "id from different slab", "exit: code 3",
                                "garbage", "exit: code 4"}) {
    EXPECT_EQ(tally.buckets.count("worker panic: " + std::string(signature)), 1u) << signature;
  }
  EXPECT_EQ(tally.buckets.size(), 6u);
}

TEST(HostileWorker, WhatNeedsAHistoryIsKeptWithIt) {
  const TestFolder folder;
  const Tally tally = Hunt(folder, "idle-third", 7);
  EXPECT_EQ(tally.cases, 7u);
  EXPECT_EQ(tally.findings, 2u);
  const std::string bucket =
      diff::BucketFolder(folder.path(), "worker-panic-crash-sigsegv-after-other-modules");
  const auto json = FindingJson(folder, bucket);
  EXPECT_EQ(json["reproduced"], "3 of 3");
  EXPECT_EQ(json["history"], 2);
  EXPECT_EQ(json["minimized"], true);
  EXPECT_EQ(json["regression_missing"], "the failure needs the modules in history");
  EXPECT_EQ(json["reproduce"], "slabhound repro " + folder.File(bucket));
  const auto bytes = ReadFile(folder.File(bucket + "/case.wasm"), 1u << 20);
  ASSERT_TRUE(bytes.has_value());
  auto test_case = testcase::ReadTestCase(*bytes);
  ASSERT_TRUE(test_case.has_value());
  const auto history = worker::TakeHistory(test_case->module);
  ASSERT_TRUE(history.has_value());
  EXPECT_EQ(history->suspect, json.value("suspect", ""));
  ASSERT_EQ(history->runs.size(), 2u);
  EXPECT_EQ(history->runs[1].request.id, 2u);
  EXPECT_FALSE(history->runs[1].module.empty());
  EXPECT_FALSE(folder.Has(bucket + "/history"));
}

TEST(HostileWorker, ADivergenceMayNeedAHistoryToo) {
  const TestFolder folder;
  const Tally tally = Hunt(folder, "idle-third-traps", 3);
  EXPECT_EQ(tally.findings, 1u);
  const std::string bucket = diff::BucketFolder(
      folder.path(), "worker-diverges-trap-unreachable-instead-of-import-after-other-modules");
  const auto json = FindingJson(folder, bucket);
  EXPECT_EQ(json["reproduced"], "3 of 3");
  EXPECT_EQ(json["history"], 2);
}

TEST(HostileWorker, WhatDoesNotHappenAgainIsCounted) {
  const TestFolder folder, files;
  // Each of the ten tries behind the history meets the crash in the history already.
  Hunt(folder, "idle-one-in-3 " + files.File("count"), 3);
  const auto json = FindingJson(
      folder, diff::BucketFolder(folder.path(), "worker-panic-crash-sigsegv-not-reproduced"));
  EXPECT_EQ(json["reproduced"], "0 of 10");
  EXPECT_EQ(json["history"], 0);
  EXPECT_EQ(json["regression_missing"], "the failure does not happen every time");
}

// Stands for an engine that compiles or runs a structure's allocation without end.
TEST(HostileWorker, AHangIsMinimizedAndHasAScript) {
  const TestFolder folder;
  Options options;
  options.worker_limits.run_time = std::chrono::milliseconds(500);
  options.minimize_seconds_max = 1;  // what can be had in some seconds will do
  const Tally tally = Hunt(folder, "idle-holds fb01 burn", 4, options);
  EXPECT_EQ(tally.buckets.size(), 1u);
  const std::string bucket = diff::BucketFolder(folder.path(), "worker-panic-timeout");
  const auto json = FindingJson(folder, bucket);
  EXPECT_EQ(json["minimized"], true) << json.dump(1);
  EXPECT_FALSE(json.contains("regression_missing")) << json["regression_missing"];
  EXPECT_EQ(json["regression_fails_on"], json["suspect"]);
  EXPECT_TRUE(folder.Has(bucket + "/regression.wast"));
}

TEST(HostileWorker, ThatRefusesMostCasesIsTold) {
  const TestFolder folder;
  const Tally tally = Hunt(folder, "refuses", 12);
  const std::vector<engine::EngineSpec> engines = {{}, *engine::ParseEngine("worker:mine")};
  EXPECT_EQ(SilentEngines(tally, engines),
            std::vector<std::string>{"worker:mine ran 0 of 12 cases: 0 not run, 12 refused"});
  EXPECT_TRUE(SilentEngines(Hunt(folder, "idle-fine", 12), engines).empty());
}

TEST(HostileWorker, IsAskedForNoBackTraces) {
  const TestFolder folder;
  setenv("RUST_BACKTRACE", "1", 1);
  Hunt(folder, "idle-panic", 1);
  const auto json =
      FindingJson(folder, diff::BucketFolder(folder.path(), "worker-panic-id-from-different-slab"));
  const auto explanation = json.value("explanation", "");
  EXPECT_NE(explanation.find("panicked at"), std::string::npos) << explanation;
  EXPECT_EQ(explanation.find("stack backtrace"), std::string::npos);
}

TEST(HostileWorker, ASignalFromOutsideIsNoCrash) {
  const TestFolder once, always, files;
  Tally tally = Hunt(once, "idle-term-once " + files.File("done"), 3);
  EXPECT_EQ(tally.cases, 3u);
  EXPECT_EQ(tally.findings, 0u);
  EXPECT_TRUE(files.Has("done"));
  tally = Hunt(always, "idle-term", 2);
  EXPECT_EQ(tally.buckets.count("worker panic: killed: SIGTERM"), 1u);
}

TEST(HostileWorker, ItsDaemonsDoNotOutliveACampaign) {
  const TestFolder folder, files;
  const Tally tally = Hunt(folder, "idle-daemon " + files.File("pids"), 1);
  EXPECT_EQ(tally.findings, 1u);
  const auto content = ReadFile(files.File("pids"), 10'000);
  ASSERT_TRUE(content.has_value());
  std::istringstream numbers{std::string(AsText(*content))};
  pid_t daemon = 0;
  size_t count = 0;
  for (; numbers >> daemon; ++count) EXPECT_NE(kill(daemon, 0), 0) << daemon;
  EXPECT_GE(count, 1u);
}

}  // namespace
}  // namespace slabhound::campaign
