// Symptoms in a folder of findings become bugs, whatever came first.
#include "campaign/bug_list.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "campaign/fixture.h"
#include "campaign/overrides.h"
#include "campaign/store.h"
#include "diff/fixture.h"

namespace slabhound::campaign {
namespace {

cause::Key KeyOf(std::string gram) {
  return {{{"slab", cause::Cell::Fail}}, {{std::move(gram)}}, cause::Severity::WrongValue, "l"};
}

// An empty module with custom sections behind it.
Finding MakeFinding(const std::string& message, size_t bytes, std::optional<cause::Key> cause) {
  Finding finding;
  finding.signature = diff::PanicSignature(message);
  finding.verdict = "panic";
  finding.engines = {"oracle", "slab"};
  finding.module = {0, 'a', 's', 'm', 1, 0, 0, 0};
  while (finding.module.size() < bytes) finding.module.insert(finding.module.end(), {0, 1, 0});
  finding.minimized = cause.has_value();
  finding.cause = std::move(cause);
  return finding;
}

std::string SlugFor(const std::string& message) { return SlugOf(diff::PanicSignature(message), 1); }

class BugFolder : public testing::Test {
 protected:
  void Offer(const Finding& finding) {
    auto store = Store::Open(folder_.path());
    ASSERT_TRUE(store.has_value()) << store.error().message;
    ASSERT_TRUE(store->Offer(finding).has_value());
    CountCases(folder_.path(), SlugOf(finding), 2);
    ASSERT_TRUE(store->Arrange().has_value());
  }
  Json ReadFile(const std::string& name) {
    const auto content = slabhound::ReadFile(folder_.File(name), 1u << 20);
    EXPECT_TRUE(content.has_value()) << name;
    return content ? Json::parse(AsText(*content), nullptr, false) : Json();
  }

  TestFolder folder_;
};

TEST_F(BugFolder, TheSmallestCaseStandsForAllOfItsCause) {
  Offer(MakeFinding("a", 50, KeyOf("x")));
  Offer(MakeFinding("b", 80, KeyOf("x")));
  Offer(MakeFinding("c", 20, KeyOf("y")));
  const std::string below = SlugFor("a") + "/symptoms/" + SlugFor("b");
  EXPECT_TRUE(folder_.Has(below + "/case.wasm"));
  EXPECT_FALSE(folder_.Has(below + "/bug.json"));
  EXPECT_EQ(ReadFile(below + "/finding.json")["reproduce"],
            "slabhound repro " + folder_.File(below));
  const Json bug = ReadFile(SlugFor("a") + "/bug.json");
  EXPECT_EQ(bug["count"], 4);
  EXPECT_EQ(bug["symptoms"].size(), 2u);
  EXPECT_NE(bug["symptoms"][1]["merged"].get<std::string>().find("same vector"), std::string::npos);
  // A smaller case of the other symptom.
  Offer(MakeFinding("b", 23, KeyOf("x")));
  EXPECT_TRUE(folder_.Has(SlugFor("b") + "/symptoms/" + SlugFor("a") + "/case.wasm"));
  EXPECT_TRUE(folder_.Has(SlugFor("c") + "/bug.json"));
  EXPECT_EQ(ReadFile(SlugFor("b") + "/bug.json")["count"], 6);
}

// A better case of the symptom that stands for a bug takes none of the others away.
TEST_F(BugFolder, AFolderIsExchangedWithoutWhatIsBelowIt) {
  Offer(MakeFinding("a", 50, KeyOf("x")));
  Offer(MakeFinding("b", 80, KeyOf("x")));
  Offer(MakeFinding("a", 20, KeyOf("x")));
  EXPECT_TRUE(folder_.Has(SlugFor("a") + "/symptoms/" + SlugFor("b") + "/case.wasm"));
  Offer(MakeFinding("a", 17, KeyOf("y")));
  EXPECT_TRUE(folder_.Has(SlugFor("b") + "/case.wasm"));
}

TEST_F(BugFolder, WhatWasSaidByHandHolds) {
  Offer(MakeFinding("a", 50, KeyOf("x")));
  Offer(MakeFinding("b", 80, KeyOf("x")));
  Offer(MakeFinding("c", 20, KeyOf("y")));
  {
    auto store = Store::Open(folder_.path());
    ASSERT_TRUE(store.has_value());
    ASSERT_TRUE(store->Say({Split(7, SlugFor("b")), Merge(8, SlugFor("c"), SlugFor("a")),
                            Label(9, SlugFor("a"), "a \"bug\"")}));
  }
  Offer(MakeFinding("d", 90, std::nullopt));
  EXPECT_TRUE(folder_.Has(SlugFor("b") + "/bug.json"));
  EXPECT_TRUE(folder_.Has(SlugFor("c") + "/symptoms/" + SlugFor("a")));
  EXPECT_EQ(ReadFile(SlugFor("c") + "/bug.json")["label"], "a \"bug\"");
}

TEST_F(BugFolder, WhatWasSaidInAFileOfEarlierTimesHolds) {
  Offer(MakeFinding("a", 50, KeyOf("x")));
  Offer(MakeFinding("b", 80, KeyOf("x")));
  Offer(MakeFinding("c", 20, KeyOf("y")));
  const Json file = {{"merged", Json::array({Json::array({SlugFor("b"), SlugFor("c")})})},
                     {"split", Json::array({SlugFor("b")})},
                     {"labels", {{SlugFor("a"), "a bug"}}}};
  ASSERT_TRUE(WriteFile(folder_.File("overrides.json"), AsBytes(file.dump())).has_value());
  Offer(MakeFinding("d", 90, std::nullopt));
  EXPECT_FALSE(folder_.Has("overrides.json"));
  EXPECT_EQ(ReadFile(SlugFor("a") + "/bug.json")["label"], "a bug");
  EXPECT_TRUE(folder_.Has(SlugFor("c") + "/symptoms/" + SlugFor("b")));
}

TEST_F(BugFolder, TheLastWordHolds) {
  const std::vector<ledger::Said> said = {Merge(1, "b", "a"),
                                          Split(2, "a"),
                                          Label(3, "a", "one"),
                                          Label(4, "a", "two"),
                                          {5, "fixed", "a", {}, {}}};
  const cause::Overrides overrides = OverridesOf(said);
  EXPECT_TRUE(overrides.merged.empty());
  EXPECT_EQ(overrides.split, std::vector<std::string>{"a"});
  EXPECT_EQ(overrides.labels, (std::vector<std::pair<std::string, std::string>>{{"a", "two"}}));
  const std::vector<ledger::Said> then = {Split(2, "a"), Merge(3, "b", "a"), Label(4, "a", "")};
  EXPECT_EQ(OverridesOf(then).merged.size(), 1u);
  EXPECT_TRUE(OverridesOf(then).labels.empty());
}

TEST_F(BugFolder, OverridesThatCannotBeReadAreNotOverwritten) {
  for (const char* text : {"", "[]", "{\"merged\":[[\"a\"]]}", "{\"split\":[1]}",
                           "{\"labels\":{\"a\":[]}}", "{\"merged\":{}}"}) {
    ASSERT_TRUE(WriteFile(folder_.File("overrides.json"), AsBytes(text)).has_value());
    const auto read = ReadOverridesFile(folder_.path());
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_NE(read.error().message.find("overrides.json: "), std::string::npos);
    EXPECT_FALSE(Store::Open(folder_.path()).has_value());
  }
}

TEST_F(BugFolder, WhatAnotherExplainsIsInItsBugUntilItIsMinimized) {
  Offer(MakeFinding("a", 50, KeyOf("x")));
  Offer(MakeFinding("b", 80, std::nullopt));
  auto store = Store::Open(folder_.path());
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(store->ExplainBy(SlugFor("b"), SlugFor("a")).has_value());
  ASSERT_TRUE(store->Arrange().has_value());
  EXPECT_TRUE(folder_.Has(SlugFor("a") + "/symptoms/" + SlugFor("b")));
  const auto engines_of = [](uint64_t, uint64_t) {
    return std::vector<std::string>{"oracle", "slab"};
  };
  EXPECT_EQ(store->Unminimized(engines_of).size(), 1u);
  Offer(MakeFinding("b", 80, KeyOf("y")));
  EXPECT_TRUE(folder_.Has(SlugFor("b") + "/bug.json"));
}

}  // namespace
}  // namespace slabhound::campaign
