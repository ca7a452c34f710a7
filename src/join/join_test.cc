// Goal: what several campaigns found is one store, the same in whatever order it was joined.
//
// Method: stores that are drawn, all of whose parts may be in others too; and real campaigns, a
// shard each, against one over all numbers.
#include "join/join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "base/file.h"
#include "base/test_folder.h"
#include "campaign/campaign.h"
#include "campaign/dying.h"
#include "join/fixture.h"

namespace slabhound::join {
namespace {

using testing::HasSubstr;

class Folders {
 public:
  std::string Of(const std::string& name) const { return folder_.File(name); }
  std::string Join(const std::string& name, const std::vector<std::string>& of) const {
    std::vector<std::string> paths;
    for (const std::string& each : of) paths.push_back(Of(each));
    const auto joined = join::Join(Of(name), paths);
    EXPECT_TRUE(joined.has_value()) << (joined ? "" : joined.error());
    return name;
  }
  std::vector<std::string> Told(const std::string& name) const { return join::Told(Of(name)); }

 private:
  TestFolder folder_;
};

TEST(Join, DoesNotDependOnOrderNorOnHowOften) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE(seed);
    const Folders folders;
    StoreDraw draw(seed);
    for (const char* name : {"a", "b", "c"}) draw.Make(folders.Of(name));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    const auto before = folders.Told("a");
    folders.Join("ab", {"a", "b"});
    folders.Join("bc", {"b", "c"});
    folders.Join("aa", {"a", "a"});
    folders.Join("abc", {"a", "b", "c"});
    EXPECT_EQ(folders.Told("ab"), folders.Told(folders.Join("ba", {"b", "a"})));
    EXPECT_EQ(folders.Told("abc"), folders.Told(folders.Join("ab_c", {"ab", "c"})));
    EXPECT_EQ(folders.Told("abc"), folders.Told(folders.Join("a_bc", {"a", "bc"})));
    EXPECT_EQ(folders.Told("ab"), folders.Told(folders.Join("ab_b", {"b", "ab"})));
    EXPECT_EQ(folders.Told("aa"), folders.Told(folders.Join("a_alone", {"a"})));
    EXPECT_EQ(folders.Told("a"), before);
  }
}

TEST(Join, KnowsEachTable) {
  const Folders folders;
  ASSERT_TRUE(MakeFolder(folders.Of("a")).has_value());
  const auto database = ledger::Database::Open(folders.Of("a"), ledger::Access::Write);
  ASSERT_TRUE(database.has_value());
  const auto read = database->Look([](SQLite::Database& connection) {
    SQLite::Statement tables(connection,
                             "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT "
                             "LIKE 'sqlite_%'");
    while (tables.executeStep()) {
      // A new one needs a place in rows.cc, and in the list.
      EXPECT_TRUE(TableQueries().contains(tables.getColumn(0).getString()))
          << tables.getColumn(0).getString();
    }
  });
  EXPECT_TRUE(read.has_value());
}

TEST(Join, KeepsTheBetterCaseOfACause) {
  const Folders folders;
  uint64_t bytes = 30;
  for (const char* name : {"a", "b"}) {
    auto store = campaign::Store::Open(folders.Of(name));
    ASSERT_TRUE(store.has_value());
    campaign::Finding finding;
    finding.signature = SignatureOf(0);
    finding.module = {0, 'a', 's', 'm', 1, 0, 0, 0};
    while (finding.module.size() < bytes) {
      finding.module.insert(finding.module.end(), {0, 1, 0});
    }
    bytes -= 12;
    finding.minimized = true;
    finding.cause = cause::Key();
    ASSERT_TRUE(store->Offer(finding).has_value());
    finding.variant = 2;
    finding.cause->locus = name;
    ASSERT_TRUE(store->Offer(finding).has_value());
  }
  folders.Join("out", {"a", "b"});
  const auto list = campaign::ReadBugList(folders.Of("out"));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->symptoms.size(), 3u);
  for (const auto& [slug, record] : list->symptoms) {
    EXPECT_TRUE(record.has_fields);
    EXPECT_EQ(record.bytes, record.cause->locus == "a" ? 32u : 20u) << slug;
  }
}

TEST(Join, SaysWhatItCannotDo) {
  const Folders folders;
  const auto refused = [&](const std::string& out, const std::string& from) {
    const auto joined = join::Join(folders.Of(out), {folders.Of(from)});
    return joined ? std::string() : joined.error();
  };
  EXPECT_THAT(refused("out", "nowhere"), HasSubstr("no such folder"));
  ASSERT_TRUE(MakeFolder(folders.Of("a/x-0123456789ab")).has_value());
  EXPECT_THAT(refused("out", "a"), HasSubstr("finding.json cannot be read"));
  ASSERT_TRUE(MakeFolder(folders.Of("empty")).has_value());
  EXPECT_EQ(refused("out", "empty"), "");
  EXPECT_THAT(refused("out", "empty"), HasSubstr("is there already"));
}

// Jobs that die of some cases while they generate: findings that cost nothing to make.
campaign::Options DyingAt(const std::string& folder, uint64_t modules) {
  campaign::Options options;
  options.modules = modules;
  options.out = folder;
  options.at_stage = [](uint64_t number, campaign::Stage stage, ByteSpan) {
    if (stage == campaign::Stage::Generate && number % 50 == 7) std::abort();
    if (stage == campaign::Stage::Generate && number % 90 == 8) std::_Exit(3);
  };
  return options;
}

// What follows from the numbers alone.
std::vector<std::string> Lasting(const std::string& folder) {
  std::vector<std::string> lines;
  const auto database = ledger::Database::Open(folder, ledger::Access::Read);
  EXPECT_TRUE(database.has_value());
  if (!database) return lines;
  const auto read = database->Look([&lines](SQLite::Database& connection) {
    for (const char* query :
         {"SELECT key, number, slug, artifact FROM findings JOIN symptoms ON symptom = symptoms.id "
          "JOIN series ON series = series.id ORDER BY 1, 2",
          "SELECT scope, name, sum(value) FROM counters WHERE scope != 'cpu ns' GROUP BY 1, 2 "
          "ORDER BY 1, 2",
          "SELECT instruction, type, state, sum(cases) FROM reach GROUP BY 1, 2, 3 ORDER BY 1, 2, "
          "3",
          "SELECT slug, signature FROM members ORDER BY 1", "SELECT slug FROM bugs ORDER BY 1"}) {
      SQLite::Statement rows(connection, query);
      while (rows.executeStep()) {
        std::string line;
        for (int i = 0; i < rows.getColumnCount(); ++i) {
          line += rows.getColumn(i).getString() + " | ";
        }
        lines.push_back(std::move(line));
      }
    }
  });
  EXPECT_TRUE(read.has_value());
  return lines;
}

void Hunt(const campaign::Options& options) {
  const auto outcome = campaign::RunCampaign(options);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error());
}

TEST(Join, OfShardsIsTheWhole) {
  constexpr uint64_t kModules = 500, kShards = 4;
  const Folders folders;
  Hunt(DyingAt(folders.Of("whole"), kModules));
  std::vector<std::string> shards;
  for (uint64_t i = 0; i < kShards; ++i) {
    shards.push_back(std::to_string(i));
    campaign::Options options = DyingAt(folders.Of(shards.back()), kModules);
    options.shard = {i, kShards};
    Hunt(options);
  }
  std::vector<std::string> paths;
  for (const std::string& shard : shards) paths.push_back(folders.Of(shard));
  const auto joined = join::Join(folders.Of("joined"), paths);
  ASSERT_TRUE(joined.has_value()) << joined.error();
  EXPECT_EQ(joined->cases, kModules);
  EXPECT_EQ(joined->counted, 16u);
  EXPECT_TRUE(joined->notes.empty());
  EXPECT_EQ(Lasting(folders.Of("joined")), Lasting(folders.Of("whole")));
  // The same numbers by another run are told, and are cases once.
  campaign::Options again = DyingAt(folders.Of("again"), 64);
  Hunt(again);
  const auto twice = join::Join(folders.Of("twice"), {folders.Of("joined"), folders.Of("again")});
  ASSERT_TRUE(twice.has_value()) << twice.error();
  EXPECT_EQ(twice->cases, kModules);
  EXPECT_EQ(twice->counted, 16u);
  ASSERT_EQ(twice->notes.size(), 1u);
  EXPECT_THAT(twice->notes[0], HasSubstr("64 numbers of series "));
}

// Stands for a bug: an engine that dies of some modules with a structure in them.
void DieOfStructures(uint64_t number, campaign::Stage stage, ByteSpan module) {
  const bool dies = number % 16 == 6 && stage == campaign::Stage::Run;
  if (dies && campaign::HasStructNewDefault(module)) campaign::DieOf(SIGSEGV);
}

// Each shard minimizes a case of its own; of them the one is kept that the whole would minimize.
TEST(Join, OfSteadyShardsHasTheBugsOfTheWhole) {
  const Folders folders;
  campaign::Options options;
  options.modules = 128;
  options.steady = true;
  options.at_stage = DieOfStructures;
  options.out = folders.Of("whole");
  Hunt(options);
  for (uint64_t i = 0; i < 2; ++i) {
    options.out = folders.Of(std::to_string(i));
    options.shard = {i, 2};
    Hunt(options);
  }
  folders.Join("joined", {"1", "0"});
  EXPECT_EQ(Lasting(folders.Of("joined")), Lasting(folders.Of("whole")));
  const auto whole = campaign::ReadBugList(folders.Of("whole"));
  ASSERT_TRUE(whole.has_value());
  ASSERT_EQ(whole->symptoms.size(), 1u);
  const auto& [slug, record] = *whole->symptoms.begin();
  EXPECT_TRUE(record.minimized);
  EXPECT_GT(record.count, 2u);
  const auto kept = [&](const char* name) {
    return ReadFile(folders.Of(name + ("/" + slug) + "/case.wasm"), 1u << 20).value_or(Bytes());
  };
  EXPECT_EQ(kept("joined"), kept("whole"));
  EXPECT_NE(kept("0"), kept("1"));
}

}  // namespace
}  // namespace slabhound::join
