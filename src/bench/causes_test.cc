// First findings are minimized once, and their bugs held against faults.
#include "bench/causes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/test_folder.h"

namespace slabhound::bench {
namespace {

TrialRow Found(std::string fault, uint64_t seed) {
  return {.key = {std::move(fault), seed, "slabhound", "oracle"},
          .bounds = {},
          .result = {.outcome = Outcome::Detected, .end = {.modules = 1, .cpu_seconds = 1}}};
}

void WriteCause(const TestFolder& folder, const std::string& name, std::string_view text) {
  const std::string path = folder.File("causes/" + name);
  ASSERT_TRUE(MakeFolder(path));
  ASSERT_TRUE(WriteFile(path + "/cause.json", AsBytes(text)));
}

TEST(Causes, WhatIsNotMinimizedIsABugOfItsOwn) {
  const TestFolder folder;
  const std::vector<TrialRow> rows = {Found("a", 1), Found("a", 2), Found("b", 1), Found("c", 1),
                                      Found("none", 1)};
  EXPECT_EQ(AgreementOfCauses(folder.path(), rows)->has_value(), false);
  for (const char* name : {"a-slabhound-1", "a-slabhound-2", "b-slabhound-1"}) {
    WriteCause(folder, name, R"({"bytes": 90, "failure": "reproduced 0 of 1"})");
  }
  const auto found = AgreementOfCauses(folder.path(), rows);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->cases, 3u);
  EXPECT_EQ((*found)->bugs, 3u);
  EXPECT_EQ((*found)->faults, 2u);
  EXPECT_EQ((*found)->agreement.homogeneity, 1);
  EXPECT_LT((*found)->agreement.completeness, 1);
}

TEST(Causes, AFileThatCannotBeReadIsNamed) {
  const TestFolder folder;
  WriteCause(folder, "a-slabhound-1", "nonsense");
  EXPECT_NE(AgreementOfCauses(folder.path(), {Found("a", 1)}).error().find("cause.json: not JSON"),
            std::string::npos);
  WriteCause(folder, "a-slabhound-1", R"({"cause": 3})");
  EXPECT_NE(AgreementOfCauses(folder.path(), {Found("a", 1)}).error().find("cause.json: "),
            std::string::npos);
}

TEST(Causes, OfAFaultAreMadeOnce) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const TestFolder folder;
  const TrialPlan plan = {.faults = {heap::Fault::RootRuntimeGlobal},
                          .seeds = {1, 2},
                          .generators = {gen::Generator::Slabhound},
                          .engines = engine::CampaignEngines(),
                          .bounds = {.cpu_seconds = 600, .modules = 400},
                          .jobs = 2,
                          .folder = folder.path()};
  const auto trials = RunTrials(plan);
  ASSERT_TRUE(trials && trials->rows.size() == 2);
  ASSERT_EQ(MakeCauses(plan, {.trials_max = 1}, trials->rows), false);
  const std::string first = "causes/root-runtime-global-slabhound-1";
  EXPECT_TRUE(folder.Has(first + "/case.wasm"));
  EXPECT_FALSE(folder.Has("causes/root-runtime-global-slabhound-2"));
  const auto text = ReadFile(folder.File(first + "/cause.json"), 1u << 20);
  ASSERT_TRUE(text.has_value());
  EXPECT_NE(AsText(*text).find("\"variants\""), std::string::npos);
  EXPECT_EQ(AsText(*text).find("root-runtime-global"), std::string::npos);  // rule 2
  const auto written = std::filesystem::last_write_time(folder.File(first + "/cause.json"));
  ASSERT_EQ(MakeCauses(plan, {.trials_max = 1}, trials->rows), false);
  EXPECT_EQ(std::filesystem::last_write_time(folder.File(first + "/cause.json")), written);
  const auto found = AgreementOfCauses(plan.folder, trials->rows);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->cases, 1u);
}

}  // namespace
}  // namespace slabhound::bench
