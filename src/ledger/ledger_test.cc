#include "ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "ledger/artifacts.h"
#include "ledger/bug_rows.h"
#include "ledger/cases.h"
#include "ledger/said.h"

namespace slabhound::ledger {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

const Series kSeries = {7, R"({"engines":["oracle","slab"]})"};

Ledger OpenRun(const TestFolder& folder, const Series& series, const std::string& name) {
  auto ledger = Ledger::Open(folder.path());
  EXPECT_TRUE(ledger) << ledger.error().message;
  const auto begun = ledger->Begin(series, {name, "0/1", "1.0", 1'000});
  EXPECT_TRUE(begun) << begun.error().message;
  return *std::move(ledger);
}

Batch SomeBatch() {
  Batch batch;
  batch.at_ms = 7'200'000;
  batch.seconds = 2;
  batch.done = {{0, 64}, {128, 192}};
  batch.counters = {{{"cases", "agree"}, 126}, {{"cases", "findings"}, 2}};
  batch.found = {{3, "a", {}}, {130, "b", std::string(32, '0')}};
  batch.events = {{"found", "a", "finding: a"}};
  batch.growth = Growth{128, 2, 2, 1};
  batch.now = "{}";
  return batch;
}

TEST(Ledger, ResumesASeriesAndNoOther) {
  const TestFolder folder;
  {
    Ledger ledger = OpenRun(folder, kSeries, "first");
    ASSERT_TRUE(ledger.Add(SomeBatch()));
    Batch more;
    more.at_ms = 7'200'001;
    more.seconds = 3;
    more.done = {{64, 128}};
    more.counters = {{{"cases", "agree"}, 64}};
    more.moved = {{130, "b", "a"}, {3, "b", "c"}};
    ASSERT_TRUE(ledger.Add(more));
    ASSERT_TRUE(ledger.End("done"));
  }
  const auto past = OpenRun(folder, kSeries, "second").ReadPast();
  ASSERT_TRUE(past) << past.error().message;
  EXPECT_EQ(past->done.ranges(), (std::map<uint64_t, uint64_t>{{0, 192}}));
  EXPECT_EQ(past->counters.at({"cases", "agree"}), 190U);
  EXPECT_THAT(past->cases, UnorderedElementsAre(Pair("a", 2U)));
  EXPECT_EQ(past->runs, 1U);
  EXPECT_EQ(past->seconds, 3);

  const auto other = OpenRun(folder, {8, kSeries.configuration}, "third").ReadPast();
  ASSERT_TRUE(other);
  EXPECT_EQ(other->done, NumberSet());
  EXPECT_TRUE(other->cases.empty());
}

TEST(Ledger, WritesABatchAsAWholeOrNotAtAll) {
  const TestFolder folder;
  Ledger ledger = OpenRun(folder, kSeries, "first");
  ASSERT_TRUE(ledger.Add(SomeBatch()));
  Batch twice;
  twice.done = {{192, 256}};
  twice.counters = {{{"cases", "agree"}, 64}};
  twice.found = {{3, "a", {}}};  // is there already
  EXPECT_FALSE(ledger.Add(twice));
  const auto past = ledger.ReadPast();
  ASSERT_TRUE(past);
  EXPECT_FALSE(past->done.Contains(192));
  EXPECT_EQ(past->counters.at({"cases", "agree"}), 126U);
  // And again, without what was wrong with it.
  twice.found.clear();
  EXPECT_TRUE(ledger.Add(twice));
  EXPECT_EQ(ledger.ReadPast()->done.ranges().at(128), 256U);
}

TEST(Ledger, CountsWhatWasThereBeforeIt) {
  const TestFolder folder;
  Ledger ledger = OpenRun(folder, kSeries, "first");
  auto database = Database::Open(folder.path(), Access::Write);
  ASSERT_TRUE(database);
  ASSERT_TRUE(SetBefore(*database, {{"a", 40}, {"old", 5}}));
  ASSERT_TRUE(ledger.Add(SomeBatch()));
  ASSERT_TRUE(SetBefore(*database, {{"a", 1}, {"b", 9}}));  // they are there
  EXPECT_THAT(*ReadCases(*database),
              UnorderedElementsAre(Pair("a", 41U), Pair("b", 1U), Pair("old", 5U)));
}

TEST(Ledger, RefusesALaterVersionInOneLine) {
  const TestFolder folder;
  OpenRun(folder, kSeries, "first");
  SQLite::Database(folder.File("campaign.db"), SQLite::OPEN_READWRITE)
      .exec("PRAGMA user_version = 99");
  const auto ledger = Ledger::Open(folder.path());
  ASSERT_FALSE(ledger);
  EXPECT_THAT(ledger.error().message, HasSubstr("campaign.db: of version 99"));
  EXPECT_FALSE(ledger.error().no_room);
}

TEST(Ledger, RefusesWhatIsNoDatabase) {
  const TestFolder folder;
  ASSERT_TRUE(WriteFile(folder.File("campaign.db"), AsBytes(std::string(5'000, 'x'))));
  const auto ledger = Ledger::Open(folder.path());
  ASSERT_FALSE(ledger);
  EXPECT_THAT(ledger.error().message, HasSubstr("not a database"));
}

TEST(Said, IsASet) {
  const TestFolder folder;
  auto database = Database::Open(folder.path(), Access::Write);
  ASSERT_TRUE(database);
  const Said label = {5, "label", "a", "", "a name"}, merge = {3, "merge", "a", "b", ""};
  ASSERT_TRUE(Say(*database, {label, merge}));
  ASSERT_TRUE(Say(*database, {merge}));
  EXPECT_EQ(*ReadSaid(*database), (std::vector{merge, label}));
}

TEST(BugRows, AreReadAsTheyWereWritten) {
  const TestFolder folder;
  auto database = Database::Open(folder.path(), Access::Write);
  ASSERT_TRUE(database);
  const MemberRow first = {
      "m", "", "sig", "slab", "", true, 90, {{"every-allocation", "differs"}, {"never", "agrees"}}};
  const MemberRow second = {"a", "same shape", "other", "slab", "3 of 10", false, 50, {}};
  ASSERT_TRUE(WriteBugs(*database, {{"m", "memory", "a label", {first, second}}}));
  ASSERT_TRUE(WriteBugs(*database, {{"m", "memory", "a label", {first, second}}}));
  const auto bugs = ReadBugs(*database);
  ASSERT_TRUE(bugs);
  ASSERT_EQ(bugs->size(), 1U);
  EXPECT_EQ(bugs->front().members[0].variants, first.variants);
  EXPECT_EQ(bugs->front().members[1].why, "same shape");
}

TEST(Artifacts, AreNamedByTheirContent) {
  const TestFolder folder;
  const Bytes content = {1, 2, 3};
  const auto name = WriteArtifact(folder.path(), content);
  ASSERT_TRUE(name);
  EXPECT_EQ(*WriteArtifact(folder.path(), content), *name);
  const auto path = ArtifactPath(folder.path(), *name);
  ASSERT_TRUE(path);
  EXPECT_EQ(*ReadFile(*path, 10), content);
  for (const char* wrong : {"", "..", "../../etc/passwd", "ABCDEF"}) {
    EXPECT_FALSE(ArtifactPath(folder.path(), wrong)) << wrong;
  }
}

TEST(Ledger, KnowsItsOriginalsAndForgetsThem) {
  const TestFolder folder;
  Ledger ledger = OpenRun(folder, kSeries, "first");
  const std::string one(32, '1'), two(32, '2'), three(32, '3');
  Batch batch;
  batch.at_ms = 1'000;
  batch.found = {{1, "a", one}, {2, "b", two}, {3, "a", {}}};
  ASSERT_TRUE(ledger.Add(batch));
  batch.at_ms = 5'000;
  batch.found = {{4, "a", three}};
  ASSERT_TRUE(ledger.Add(batch));
  auto database = Database::Open(folder.path(), Access::Write);
  ASSERT_TRUE(database.has_value());
  ASSERT_TRUE(database->Transact([](SQLite::Database& connection) {
    connection.exec("INSERT INTO bugs(slug, place, severity, label) VALUES('a', 0, 'hang', '')");
  }));
  const auto originals = ledger.Originals();
  ASSERT_TRUE(originals.has_value()) << originals.error().message;
  ASSERT_EQ(originals->size(), 3U);
  const Original &first = originals->at(0), &second = originals->at(1), &third = originals->at(2);
  EXPECT_EQ(first.artifact, one);
  EXPECT_EQ(first.at_ms, 1'000);
  EXPECT_EQ(first.symptom_cases, 3U);
  EXPECT_EQ(first.symptom_seen_ms, 5'000);
  EXPECT_TRUE(first.is_first_of_bug);
  EXPECT_EQ(second.symptom_cases, 1U);
  EXPECT_FALSE(second.is_first_of_bug);
  EXPECT_FALSE(third.is_first_of_bug);

  ASSERT_TRUE(ledger.Forget({one, three}));
  const auto left = ledger.Originals();
  ASSERT_TRUE(left.has_value());
  ASSERT_EQ(left->size(), 1U);
  EXPECT_EQ(left->at(0).artifact, two);
}

}  // namespace
}  // namespace slabhound::ledger
