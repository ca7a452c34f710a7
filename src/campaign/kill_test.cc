// Goal: wherever a campaign is killed, nothing that it found is lost, and the next one goes on.
//
// Method: campaigns with the hostile worker on one folder, killed after ever other times.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "base/rng.h"
#include "base/test_folder.h"
#include "campaign/campaign.h"
#include "campaign/dying.h"
#include "campaign/hostile.h"
#include "campaign/logbook.h"
#include "campaign/series.h"
#include "campaign/store.h"
#include "ledger/cases.h"

namespace slabhound::campaign {
namespace {

Options OptionsIn(const TestFolder& folder) {
  Options options;
  options.modules = 60;
  options.out = folder.path();
  options.minimize_seconds_max = 0.3;
  options.engines = {{}, Hostile("idle-by-module")};
  return options;
}

TEST(Kill, LosesNoSymptom) {
  const TestFolder folder;
  Rng rng(1);
  std::set<std::string> seen, minimized;
  for (int i = 0; i < 12; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(RunCampaign(OptionsIn(folder)));
      _exit(0);
    }
    usleep(static_cast<useconds_t>(50'000 + rng.Below(350'000)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto list = ReadBugList(folder.path());
    ASSERT_TRUE(list.has_value()) << list.error().message;
    // Every folder can be read, and whatever was there still is, no worse.
    EXPECT_EQ(list->symptoms.size(), list->places.size());
    for (const std::string& slug : seen) EXPECT_TRUE(list->symptoms.contains(slug)) << slug;
    for (const std::string& slug : minimized) EXPECT_TRUE(list->symptoms.at(slug).minimized);
    for (const auto& [slug, record] : list->symptoms) {
      EXPECT_TRUE(folder.Has(slug + "/case.wasm") || !list->places.at(slug).empty());
      seen.insert(slug);
      if (record.minimized) minimized.insert(slug);
    }
  }
  const auto outcome = RunCampaign(OptionsIn(folder));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->tally.cases, 60u);
  const auto list = ReadBugList(folder.path());
  ASSERT_TRUE(list.has_value());
  EXPECT_GE(list->symptoms.size(), seen.size());
  // What unfinished campaigns left of themselves is gone.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    EXPECT_FALSE(entry.path().string().ends_with(".part")) << entry.path();
  }
}

// All that the database counts of a folder's findings.
uint64_t CasesIn(const std::string& folder) {
  const auto database = ledger::Database::Open(folder, ledger::Access::Read);
  EXPECT_TRUE(database.has_value());
  const auto cases = ledger::ReadCases(*database);
  EXPECT_TRUE(cases.has_value());
  uint64_t sum = 0;
  for (const auto& [slug, count] : *cases) sum += count;
  return sum;
}

// Numbers that the database has as done.
ledger::NumberSet DoneIn(const Options& options) {
  const auto book = Logbook::Begin(options.out, SeriesOf(options), "0/1");
  EXPECT_TRUE(book.has_value()) << book.error().message;
  return book->past().done;
}

// Stands for a bug.
void DieOfEverySixteenth(uint64_t number, Stage stage, ByteSpan) {
  if (number % 16 == 3 && stage == Stage::Run) DieOf(SIGSEGV);
}

// Kills at 200 moments: then all is as if nothing had happened.
TEST(Kill, LosesNoFindingAndCountsNoCaseTwice) {
  const TestFolder killed_folder, whole_folder;
  Options options;
  options.out = killed_folder.path();
  options.modules = 2'000;
  options.minimize_seconds_max = 0.01;
  options.at_stage = DieOfEverySixteenth;
  Rng rng(2);
  uint64_t done_before = 0;
  for (int i = 0; i < 200; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(RunCampaign(options));
      _exit(0);
    }
    usleep(static_cast<useconds_t>(2'000 + rng.Below(50'000)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const uint64_t done = DoneIn(options).size();
    EXPECT_GE(done, done_before);
    done_before = done;
  }
  const auto resumed = RunCampaign(options);
  ASSERT_TRUE(resumed.has_value()) << resumed.error();
  options.out = whole_folder.path();
  const auto whole = RunCampaign(options);
  ASSERT_TRUE(whole.has_value()) << whole.error();
  EXPECT_EQ(resumed->tally.cases, 2'000u);
  EXPECT_GT(resumed->tally.findings, 50u);
  EXPECT_EQ(resumed->tally.buckets, whole->tally.buckets);
  EXPECT_EQ(resumed->tally.agree, whole->tally.agree);
  EXPECT_EQ(resumed->tally.engines, whole->tally.engines);
  EXPECT_EQ(CasesIn(killed_folder.path()), resumed->tally.findings);
  EXPECT_EQ(CasesIn(whole_folder.path()), whole->tally.findings);
  EXPECT_EQ(DoneIn(options).ranges(), (std::map<uint64_t, uint64_t>{{0, 2'000}}));
}

// A finding that cannot be written ends the campaign; the next one runs its case again.
void ExpectKeptOrNotDone(Options options) {
  const TestFolder folder;
  options.out = folder.path();
  ASSERT_TRUE(WriteFile(folder.File("artifacts"), {}));  // where a folder would be
  const auto refused = RunCampaign(options);
  EXPECT_TRUE(!refused || !refused->failure.empty());
  std::filesystem::remove(folder.File("artifacts"));
  const auto outcome = RunCampaign(options);
  ASSERT_TRUE(outcome.has_value()) << outcome.error();
  EXPECT_EQ(outcome->tally.cases, options.modules);
  EXPECT_GT(CasesIn(folder.path()), 0u);
  EXPECT_EQ(CasesIn(folder.path()), outcome->tally.findings);
}

TEST(Kill, ADeathThatCannotBeKeptIsNotDone) {
  Options options;
  options.modules = 100;
  options.minimize_seconds_max = 0.01;
  options.at_stage = DieOfEverySixteenth;
  ExpectKeptOrNotDone(std::move(options));
}

TEST(Kill, AFindingThatCannotBeKeptIsNotDone) {
  Options options;
  options.modules = 5;
  options.minimize_seconds_max = 0.01;
  options.engines = {{}, Hostile("idle-by-module")};
  ExpectKeptOrNotDone(std::move(options));
}

TEST(Kill, ASecondCampaignOnAFolderIsRefused) {
  const TestFolder folder;
  Options options = OptionsIn(folder);
  options.modules = 1;
  int running[2];
  ASSERT_EQ(pipe(running), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto book = Logbook::Begin(options.out, SeriesOf(options), "0/1");
    static_cast<void>(write(running[1], book ? "y" : "n", 1));
    pause();
    _exit(0);
  }
  char answer = 0;
  ASSERT_EQ(read(running[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  const auto refused = RunCampaign(options);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().find(std::to_string(child) + " runs a campaign here"),
            std::string::npos)
      << refused.error();
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(RunCampaign(options).has_value());
}

// What ended before its minimization is minimized by the next campaign, though that meets no such
// case. Stands for a bug: an engine that dies of every module with a structure in it.
TEST(Kill, TheNextCampaignMinimizesWhatWasLeft) {
  const TestFolder folder;
  Options options;
  options.out = folder.path();
  options.modules = 71;
  options.minimize_seconds_max = 0.01;
  options.at_stage = [](uint64_t number, Stage stage, ByteSpan module) {
    if (number == 70 && stage == Stage::Run && HasStructNewDefault(module)) DieOf(SIGSEGV);
  };
  ASSERT_TRUE(RunCampaign(options).has_value());
  auto list = ReadBugList(folder.path());
  ASSERT_TRUE(list && list->symptoms.size() == 1);
  const std::string slug = list->symptoms.begin()->first;
  Json json = ReadJson(folder.File(slug));
  json["minimized"] = false;
  ASSERT_TRUE(WriteFile(folder.File(slug + "/finding.json"), AsBytes(JsonText(json))));
  options.modules = 1;
  options.minimize_seconds_max = 20;
  ASSERT_TRUE(RunCampaign(options).has_value());
  const Json after = ReadJson(folder.File(slug));
  EXPECT_EQ(after["minimized"], true);
  EXPECT_LT(after["bytes"], json["bytes"]);
}

}  // namespace
}  // namespace slabhound::campaign
