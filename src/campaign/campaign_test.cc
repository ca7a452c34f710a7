// Goal: a campaign loses nothing, whatever happens to its jobs, and what it counts follows from
// the seed.
//
// Method: real campaigns of a few cases in processes of their own, some of whose jobs are made
// to die at a given case and stage.
#include "campaign/campaign.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/test_folder.h"
#include "campaign/dying.h"
#include "diff/fixture.h"
#include "reach/rows.h"
#include "regression/script_failures.h"

namespace slabhound::campaign {
namespace {

Options OptionsIn(const TestFolder& folder, uint64_t modules, unsigned jobs = 1) {
  Options options;
  options.modules = modules;
  options.jobs = jobs;
  options.out = folder.path();
  return options;
}

Outcome Hunt(const Options& options) {
  const auto outcome = RunCampaign(options);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error());
  return outcome ? *outcome : Outcome{};
}

Tally WithoutTimes(Tally tally) {
  tally.generate_ns = tally.judge_ns = 0;
  return tally;
}

reach::Reach ReachIn(const TestFolder& folder) {
  const auto database = ledger::Database::Open(folder.path(), ledger::Access::Read);
  EXPECT_TRUE(database.has_value());
  if (!database) return {};
  const auto reach = reach::ReadReach(*database);
  EXPECT_TRUE(reach.has_value());
  return reach ? *reach : reach::Reach();
}

TEST(Campaign, CountsFollowFromTheSeed) {
  const TestFolder first, second, third;
  const Outcome one = Hunt(OptionsIn(first, 300, 1));
  EXPECT_EQ(one.tally.cases, 300u);
  EXPECT_GT(one.tally.agree, 100u);
  EXPECT_EQ(one.tally.findings, 0u);
  EXPECT_EQ(one.tally.killed, 0u);
  EXPECT_EQ(one.tally.agree + one.tally.poisoned + one.tally.rejected + one.tally.generator_crashes,
            300u);
  EXPECT_EQ(WithoutTimes(one.tally), WithoutTimes(Hunt(OptionsIn(second, 300, 3)).tally));
  // Jobs that are replaced all the time change nothing.
  Options recycled = OptionsIn(third, 300, 2);
  recycled.job_cases_max = 64;
  EXPECT_EQ(WithoutTimes(one.tally), WithoutTimes(Hunt(recycled).tally));
  // So is what the cases reached.
  EXPECT_FALSE(ReachIn(first).empty());
  EXPECT_EQ(ReachIn(first), ReachIn(second));
  EXPECT_EQ(ReachIn(first), ReachIn(third));
}

// Of all bugs of the folder.
uint64_t CountedIn(const TestFolder& folder) {
  uint64_t count = 0;
  for (const auto& bug : std::filesystem::directory_iterator(folder.path())) {
    const auto content = ReadFile(bug.path().string() + "/bug.json", 1u << 20);
    if (content) count += nlohmann::json::parse(*content)["count"].get<uint64_t>();
  }
  return count;
}

struct Accident {
  const char* name;
  Stage stage;
  int signal;          // 0: hangs
  const char* bucket;  // the folder that keeps the case
  bool is_finding;
};

class Accidents : public testing::TestWithParam<Accident> {};

TEST_P(Accidents, CostOneCaseThatIsKept) {
  const Accident& accident = GetParam();
  const TestFolder folder;
  Options options = OptionsIn(folder, 130, 2);
  // What hangs is waited for; a busy machine must not make a hang of another case.
  if (accident.signal == 0) options.case_wall_seconds_max = 1;
  options.at_stage = [&](uint64_t number, Stage stage, ByteSpan) {
    if (number != 70 || stage != accident.stage) return;
    if (accident.signal == 0) {
      for (;;) pause();
    }
    DieOf(accident.signal);
  };
  const Outcome outcome = Hunt(options);
  const Tally& tally = outcome.tally;
  EXPECT_EQ(tally.cases, 130u);
  EXPECT_EQ(tally.findings + tally.generator_crashes + tally.killed, 1u);
  EXPECT_EQ(tally.findings, accident.is_finding ? 1u : 0u);
  const std::string bucket = diff::BucketFolder(folder.path(), accident.bucket) + "/";
  EXPECT_TRUE(folder.Has(bucket + "input.bin"));
  EXPECT_EQ(folder.Has(bucket + "case.wasm"), accident.stage != Stage::Generate);
  const auto content = ReadFile(folder.File(bucket + "finding.json"), 1u << 20);
  ASSERT_TRUE(content.has_value());
  const auto json = nlohmann::json::parse(*content, nullptr, false);
  EXPECT_EQ(json["case"], 70);
  EXPECT_EQ(json["count"], 1);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Accidents,
    testing::Values(
        Accident{"AbortInTheGenerator", Stage::Generate, SIGABRT, "generator-abort", false},
        Accident{"HangInTheGenerator", Stage::Generate, 0, "generator-hang", false},
        Accident{"CrashInTheDecoder", Stage::Decode, SIGSEGV, "decoder-crash-sigsegv", true},
        Accident{"CrashInAnEngine", Stage::Run, SIGSEGV, "oracle-crash-sigsegv", true},
        Accident{"HangInAnEngine", Stage::Run, 0, "oracle-hang", true},
        Accident{"KilledFromOutside", Stage::Run, SIGKILL, "job-killed-sigkill-at-run", false}),
    [](const auto& test) { return test.param.name; });

// Stands for a bug: an engine that dies of every module with a structure in it.
TEST(Campaign, WhatKillsAJobIsMinimizedInChildren) {
  for (const bool hangs : {false, true}) {
    const TestFolder folder;
    Options options = OptionsIn(folder, 71);
    options.case_cpu_seconds_max = 1;
    // A hang costs each candidate its time: what can be had in some seconds will do.
    options.minimize_seconds_max = hangs ? 2 : 30;
    options.at_stage = [hangs](uint64_t number, Stage stage, ByteSpan module) {
      if (number != 70 || stage != Stage::Run) return;
      if (!HasStructNewDefault(module)) return;
      volatile bool endless = hangs;
      while (endless) {
      }
      DieOf(SIGSEGV);
    };
    const Tally tally = Hunt(options).tally;
    EXPECT_EQ(tally.cases, 71u);
    ASSERT_EQ(tally.findings, 1u);
    const std::string bucket =
        diff::BucketFolder(folder.path(), hangs ? "oracle-hang" : "oracle-crash-sigsegv") + "/";
    const auto content = ReadFile(folder.File(bucket + "finding.json"), 1u << 20);
    ASSERT_TRUE(content.has_value());
    const auto json = nlohmann::json::parse(*content, nullptr, false);
    EXPECT_EQ(json["minimized"], true) << json.dump(1);
    if (!hangs) {
      EXPECT_LT(json["bytes"].get<uint64_t>(), json["original_bytes"].get<uint64_t>() / 4)
          << json.dump(1);
    }
    EXPECT_EQ(json["verdict"], hangs ? "hang" : "crash");
    EXPECT_EQ(json["regression_missing"], "a script would end with the engine's process");
  }
}

TEST(Campaign, JobsThatDieAllTheTimeCostOnlyCases) {
  const TestFolder folder;
  Options options = OptionsIn(folder, 40, 2);
  options.at_stage = [](uint64_t number, Stage stage, ByteSpan) {
    if (number % 2 == 0 && stage == Stage::Generate) raise(SIGKILL);
  };
  const Tally tally = Hunt(options).tally;
  EXPECT_EQ(tally.cases, 40u);
  EXPECT_EQ(tally.killed, 20u);
}

TEST(Campaign, ALongLoopIsEndedByItsCpuTime) {
  const TestFolder folder;
  Options options = OptionsIn(folder, 5);
  options.case_cpu_seconds_max = 0.3;
  options.at_stage = [](uint64_t number, Stage stage, ByteSpan) {
    volatile bool endless = number == 3 && stage == Stage::Run;
    while (endless) {
    }
  };
  const Tally tally = Hunt(options).tally;
  EXPECT_EQ(tally.cases, 5u);
  EXPECT_EQ(tally.buckets.count("oracle hang"), 1u);
}

TEST(Campaign, EndsWithItsTime) {
  const TestFolder folder;
  Options options = OptionsIn(folder, 1'000'000);
  options.seconds = 1;
  const Outcome outcome = Hunt(options);
  EXPECT_GT(outcome.tally.cases, 0u);
  EXPECT_LT(outcome.seconds, 10);
  EXPECT_FALSE(outcome.interrupted);
}

TEST(Campaign, FindsTheFaultAndKeepsACase) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "needs the faulty build";
  const TestFolder folder;
  Options options = OptionsIn(folder, 400, 2);
  options.fault = heap::Fault::RootLoopNoFixpoint;
  const Tally tally = Hunt(options).tally;
  EXPECT_GT(tally.findings, 0u);
  EXPECT_EQ(tally.buckets.count("slab panic: stale id"), 1u);
  const auto content = ReadFile(
      folder.File(diff::BucketFolder(folder.path(), "slab-panic-stale-id") + "/finding.json"),
      1u << 20);
  ASSERT_TRUE(content.has_value());
  const auto json = nlohmann::json::parse(*content, nullptr, false);
  EXPECT_EQ(json["minimized"], true);
  // Which cases come first is not the seed's with two jobs: a few may be taken for a second cause.
  EXPECT_EQ(CountedIn(folder), tally.findings);
  EXPECT_LT(json["bytes"], 300);
  EXPECT_TRUE(folder.Has(diff::BucketFolder(folder.path(), "slab-panic-stale-id") + "/case.wat"));
  EXPECT_FALSE(json.contains("regression_missing")) << json["regression_missing"];
}

TEST(Campaign, WritesARegressionFileThatOnlyTheFaultFails) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "needs the faulty build";
  const TestFolder folder;
  Options options = OptionsIn(folder, 400);
  options.fault = heap::Fault::RootLoopNoFixpoint;
  Hunt(options);
  const std::string path =
      folder.File(diff::BucketFolder(folder.path(), "slab-panic-stale-id") + "/regression.wast");
  const auto content = ReadFile(path, 1u << 20);
  ASSERT_TRUE(content.has_value());
  const std::string text(AsText(*content));
  for (const engine::EngineSpec& clean : engine::DefaultEngines()) {
    EXPECT_EQ(regression::ScriptFailures(text, clean), 0u) << engine::EngineText(clean) << "\n"
                                                           << text;
  }
  // The header tells which engine fails, and how to see it; no path but the files' own names.
  constexpr std::string_view kSuspect = ";; suspect    ";
  const size_t at = text.find(kSuspect) + kSuspect.size();
  const std::string suspect = text.substr(at, text.find('\n', at) - at);
  const auto engine = engine::ParseEngine(suspect);
  ASSERT_TRUE(engine.has_value()) << text;
  EXPECT_GT(regression::ScriptFailures(text, *engine), 0u) << text;
  EXPECT_NE(text.find(";; signature  slab panic: stale id\n"), std::string::npos) << text;
  EXPECT_NE(text.find("slabhound wast --engine " + suspect + " regression.wast\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("slabhound repro case.wasm --engine oracle --engine "), std::string::npos)
      << text;
  EXPECT_EQ(text.find(folder.path()), std::string::npos) << text;
}

}  // namespace
}  // namespace slabhound::campaign
