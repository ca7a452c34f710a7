// Which findings get a turn of the minimizer, and how many.
#include "campaign/findings.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "diff/fixture.h"

namespace slabhound::campaign {
namespace {

Store::EnginesOfCase EnginesAre(std::vector<std::string> engines) {
  return [engines = std::move(engines)](uint64_t, uint64_t) { return engines; };
}

Finding MakeFinding(const std::string& signature, size_t bytes) {
  Finding finding;
  finding.signature = diff::PanicSignature(signature);
  finding.verdict = "panic";
  finding.engines = {"oracle", "slab"};
  finding.module = {0, 'a', 's', 'm', 1, 0, 0, 0};
  while (finding.module.size() < bytes) finding.module.insert(finding.module.end(), {0, 1, 0});
  finding.original_bytes = finding.module.size();
  return finding;
}

// A turn that ended with so many bytes.
MinimizedReport Turn(const std::string& signature, size_t bytes, bool complete) {
  MinimizedReport report;
  report.signature = diff::PanicSignature(signature);
  report.complete = complete;
  report.module = MakeFinding(signature, bytes).module;
  return report;
}

TEST(Findings, WhatStillShrankWhenItsTimeRanOutGetsAnotherTurn) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  News news;
  Findings findings(*std::move(store), news);
  findings.PlanMinimization(MakeFinding("a", 80));
  findings.PlanMinimization(MakeFinding("b", 80));
  auto first = findings.NextToMinimize(Findings::Turns::All);
  ASSERT_TRUE(first && first->finding.signature.message == "a");
  ASSERT_TRUE(findings.TakeMinimized(first->finding, Turn("a", 50, false)));
  auto second = findings.NextToMinimize(Findings::Turns::All);
  // Those that had none come first.
  ASSERT_TRUE(second && second->finding.signature.message == "b");
  ASSERT_TRUE(findings.TakeMinimized(second->finding, Turn("b", 50, true)));
  auto third = findings.NextToMinimize(Findings::Turns::All);
  ASSERT_TRUE(third && third->finding.signature.message == "a");
  EXPECT_EQ(third->finding.module.size(), 50u);
  EXPECT_EQ(third->finding.original_bytes, 80u);
  ASSERT_TRUE(findings.TakeMinimized(third->finding, Turn("a", 50, false)));
  EXPECT_FALSE(
      findings.NextToMinimize(Findings::Turns::All));  // a turn that shrinks nothing is the last
}

TEST(Findings, WhatWasTheSmallestAtAKillIsWhereTheNextCampaignGoesOn) {
  const TestFolder folder;
  News news;
  {
    auto store = Store::Open(folder.path());
    ASSERT_TRUE(store.has_value());
    Findings findings(*std::move(store), news);
    ASSERT_TRUE(findings.Keep(MakeFinding("a", 80), 0));
    ASSERT_TRUE(findings.KeepSoFar(MakeFinding("a", 80), MakeFinding("a", 50).module));
  }
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  Findings findings(*std::move(store), news);
  findings.PlanEarlier(EnginesAre({"oracle", "slab"}));
  const auto turn = findings.NextToMinimize(Findings::Turns::All);
  ASSERT_TRUE(turn.has_value());
  EXPECT_EQ(turn->finding.module.size(), 50u);
  EXPECT_EQ(turn->finding.original_bytes, 80u);
}

TEST(Findings, OnlyFirstTurnsOfWhatShowsEveryTimeDoNotWait) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  News news;
  Findings findings(*std::move(store), news);
  Finding flaky = MakeFinding("a", 80);
  flaky.recurrence = {5, 10};
  findings.PlanMinimization(flaky);
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::First));
  findings.PlanMinimization(MakeFinding("b", 80));
  auto first = findings.NextToMinimize(Findings::Turns::First);
  ASSERT_TRUE(first && first->finding.signature.message == "b");
  ASSERT_TRUE(findings.TakeMinimized(first->finding, Turn("b", 50, true)));
  findings.PlanMinimization(MakeFinding("b", 41));
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::First));  // more than half
  findings.PlanMinimization(MakeFinding("b", 38));
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::First));
  EXPECT_TRUE(findings.NextToMinimize(Findings::Turns::All));
  EXPECT_TRUE(findings.NextToMinimize(Findings::Turns::All));
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::All));
}

TEST(Findings, PanicsComeFirstThenSmallCasesAndTimeoutsLast) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  News news;
  Findings findings(*std::move(store), news);
  Finding timeout = MakeFinding("", 20);
  timeout.signature.failure = trace::FailureKind::Timeout;
  timeout.signature.releases = {"43.0.0", "43.0.0"};
  findings.PlanMinimization(timeout);
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::First));
  Finding divergence = MakeFinding("a", 20);
  divergence.signature.kind = diff::FindingKind::Divergence;
  divergence.verdict = "diverge";
  findings.PlanMinimization(divergence);
  findings.PlanMinimization(MakeFinding("b", 80));
  findings.PlanMinimization(MakeFinding("c", 50));
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::None));
  for (const char* signature : {"c", "b", "a"}) {
    const auto next = findings.NextToMinimize(Findings::Turns::First);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->finding.signature.message, signature);
  }
  const auto last = findings.NextToMinimize(Findings::Turns::All);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->finding.signature.failure, trace::FailureKind::Timeout);
}

// A complete turn whose case has this cause and needs these.
MinimizedReport Caused(const std::string& signature, std::string gram,
                       std::vector<std::string> ingredients) {
  MinimizedReport report = Turn(signature, 50, true);
  report.cause = cause::Key{
      {{"slab", cause::Cell::Fail}}, {{std::move(gram)}}, cause::Severity::WrongValue, "l"};
  report.ingredients = std::move(ingredients);
  return report;
}

class Masking : public testing::Test {
 protected:
  Masking() : findings_(*Store::Open(folder_.path()), news_) {}

  // The turn that a case gets, if it does.
  std::optional<Findings::Turn> Meet(const std::string& signature) {
    const Finding finding = MakeFinding(signature, 80);
    EXPECT_TRUE(findings_.Keep(finding, 0).has_value());
    findings_.PlanMinimization(finding);
    return findings_.NextToMinimize(Findings::Turns::All);
  }

  TestFolder folder_;
  News news_;
  Findings findings_;
};

TEST_F(Masking, LaterCasesOfASymptomAreHeldAgainstItsCauses) {
  auto first = Meet("a");
  ASSERT_TRUE(first && first->causes.empty());
  ASSERT_TRUE(findings_.TakeMinimized(first->finding, Caused("a", "x", {"array.copy"})));
  auto second = Meet("a");
  const std::string slug = SlugOf(first->finding);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->causes, (std::vector<KnownCause>{{slug, {"array.copy"}}}));
  // Another cause is a symptom of its own, and its cases are counted for it.
  ASSERT_TRUE(findings_.TakeMinimized(second->finding, Caused("a", "y", {"struct.new"})));
  EXPECT_TRUE(folder_.Has(slug + "-2/case.wasm"));
  EXPECT_EQ(findings_.Bugs().size(), 2u);
  auto third = Meet("a");
  ASSERT_TRUE(third && third->causes.size() == 2);
  ASSERT_TRUE(findings_.TakeMinimized(third->finding, Caused("a", "y", {"struct.new"})));
  EXPECT_FALSE(folder_.Has(slug + "-3"));
  auto fourth = Meet("a");
  ASSERT_TRUE(fourth);
  MinimizedReport explained;
  explained.explained_by = slug + "-2";
  ASSERT_TRUE(findings_.TakeMinimized(fourth->finding, explained));
  std::vector<uint64_t> cases;
  for (const BugCounts& bug : findings_.Bugs()) cases.push_back(bug.cases);
  EXPECT_EQ(cases, (std::vector<uint64_t>{3, 1}));
  // At some point a symptom has had enough.
  size_t turns = 0;
  while (Meet("a")) ++turns;
  EXPECT_EQ(turns, 5u);
}

TEST_F(Masking, ANewSymptomThatIsExplainedWaits) {
  auto first = Meet("a");
  ASSERT_TRUE(findings_.TakeMinimized(first->finding, Caused("a", "x", {"i", "j", "k"})));
  auto second = Meet("b");
  ASSERT_TRUE(second && second->causes.size() == 1);
  MinimizedReport explained;
  explained.explained_by = SlugOf(first->finding);
  ASSERT_TRUE(findings_.TakeMinimized(second->finding, explained));
  EXPECT_EQ(findings_.Bugs().size(), 1u);
  EXPECT_FALSE(findings_.NextToMinimize(Findings::Turns::First));
  const auto again = findings_.NextToMinimize(Findings::Turns::All);
  ASSERT_TRUE(again && again->causes.empty());
  ASSERT_TRUE(findings_.TakeMinimized(again->finding, Caused("b", "y", {"l"})));
  EXPECT_EQ(findings_.Bugs().size(), 2u);
}

TEST_F(Masking, WhatABugNeedsThatShowsTooOftenIsLeftOutByTurns) {
  auto first = Meet("a");
  ASSERT_TRUE(findings_.TakeMinimized(first->finding, Caused("a", "x", {"i", "j"})));
  EXPECT_TRUE(findings_.NextWithout(5).empty());
  for (int i = 0; i < 9; ++i) Meet("a");
  EXPECT_EQ(findings_.NextWithout(100), std::vector<std::string>{"i"});
  EXPECT_EQ(findings_.NextWithout(100), std::vector<std::string>{"j"});
  EXPECT_TRUE(findings_.NextWithout(101).empty());
}

TEST(Findings, WhatAnEarlierCampaignLeftIsMinimized) {
  const TestFolder folder;
  News news;
  {
    Findings earlier(*Store::Open(folder.path()), news);
    ASSERT_TRUE(earlier.Keep(MakeFinding("a", 80), 0).has_value());
  }
  Findings findings(*Store::Open(folder.path()), news);
  findings.PlanEarlier(EnginesAre({"oracle", "v8"}));
  EXPECT_FALSE(findings.NextToMinimize(Findings::Turns::All));
  findings.PlanEarlier(EnginesAre({"oracle", "slab"}));
  const auto turn = findings.NextToMinimize(Findings::Turns::First);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->finding.module, MakeFinding("a", 80).module);
  EXPECT_EQ(turn->finding.signature, MakeFinding("a", 80).signature);
}

}  // namespace
}  // namespace slabhound::campaign
