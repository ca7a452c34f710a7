#include "campaign/retrials.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "diff/fixture.h"

namespace slabhound::campaign {
namespace {

using ledger::BuildRow;

std::string Outcome(bool fails, const std::vector<BuildRow>& earlier, const std::string& build,
                    bool marked_fixed = false) {
  return std::string(RetrialOutcome(fails, earlier, build, marked_fixed));
}

TEST(Retrials, WhatWasFixedAndFailsCameBack) {
  const BuildRow fixed{"bug", "worker:w", "aa", 1, "fixed", 0, 2};
  const BuildRow failed{"bug", "worker:w", "bb", 2, "still there", 1, 1};
  EXPECT_EQ(Outcome(false, {failed}, "cc"), "fixed");
  EXPECT_EQ(Outcome(true, {failed}, "cc"), "still there");
  EXPECT_EQ(Outcome(true, {fixed}, "cc"), "came back");
  // It stays so until it is fixed again.
  EXPECT_EQ(Outcome(true, {fixed, {"bug", "worker:w", "cc", 3, "came back", 1, 1}}, "dd"),
            "came back");
  EXPECT_EQ(Outcome(true, {}, "cc", /*marked_fixed=*/true), "came back");
  EXPECT_EQ(Outcome(false, {}, "cc", /*marked_fixed=*/true), "fixed");
}

TEST(Retrials, AnOlderReleaseBringsNothingBack) {
  const BuildRow fixed{"bug", "wasmtime", "50.0.1 aa", 1, "fixed", 0, 2};
  EXPECT_EQ(Outcome(true, {fixed}, "31.0.0 bb"), "still there");
  EXPECT_EQ(Outcome(true, {fixed}, "50.0.1 bb"), "came back");
  EXPECT_EQ(Outcome(true, {fixed}, "51.0.0 bb"), "came back");
}

// A bug of the reference of this process, so that its build is this program's.
struct Folder {
  TestFolder folder;
  BugList list;

  Folder() {
    Record record;
    record.kind = "finding";
    record.suspect = "slab:mark_sweep:never";
    record.signature = diff::PanicSignature("s");
    record.signature_text = "slab panic: s";
    list.symptoms.emplace("bug", record);
    list.places.emplace("bug", "");
    list.FindBugs();
    const std::string path = folder.File("bug");
    EXPECT_TRUE(MakeFolder(path));
    EXPECT_TRUE(WriteFile(path + "/case.wasm", AsBytes("case")));
  }
  Retrials Make() const { return Retrials(folder.path(), {*engine::ParseEngine("slab")}); }
};

TEST(Retrials, EachBugIsTriedOnceOnABuild) {
  Folder folder;
  Retrials first = folder.Make();
  EXPECT_EQ(first.Plan(folder.list, Retrials::Scope::NewBuilds).size(), 1u);
  const auto order = first.Next();
  ASSERT_TRUE(order);
  EXPECT_EQ(order->engine, "slab:mark_sweep:never");
  EXPECT_EQ(AsText(order->module), "case");
  EXPECT_FALSE(first.Next());
  const auto line = first.Take({order->slug, order->engine, 0, 2, {}});
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->line.starts_with("slab panic: s: fixed on slab ")) << line->line;
  folder.list.builds =
      *ledger::ReadBuilds(*ledger::Database::Open(folder.folder.path(), ledger::Access::Read));
  Retrials second = folder.Make();
  EXPECT_TRUE(second.Plan(folder.list, Retrials::Scope::NewBuilds).empty());
  EXPECT_FALSE(second.Next());
  Retrials by_hand = folder.Make();
  by_hand.Plan(folder.list, Retrials::Scope::All);
  EXPECT_TRUE(by_hand.Next());
}

TEST(Retrials, WhatCannotBeTriedSaysNothing) {
  Folder folder;
  Retrials retrials = folder.Make();
  retrials.Plan(folder.list, Retrials::Scope::NewBuilds);
  const auto order = retrials.Next();
  ASSERT_TRUE(order);
  const auto line = retrials.Take({order->slug, order->engine, 0, 2, "it refuses"});
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->line.contains("not tried on slab ")) << line->line;
  EXPECT_TRUE(line->line.ends_with(": it refuses")) << line->line;
}

TEST(Retrials, ABugThatCameBackComesFirst) {
  Folder folder;
  Record severe = folder.list.symptoms.at("bug");
  Record other = severe;
  other.signature = {};  // a wrong value is less severe
  folder.list.symptoms.emplace("other", other);
  folder.list.FindBugs();
  ASSERT_EQ(folder.list.bugs.size(), 2u);
  EXPECT_EQ(folder.list.bugs.front().representative, "bug");
  folder.list.builds = {{"other", "slab", "aa", 1, "fixed", 0, 2},
                        {"other", "slab", "bb", 2, "came back", 1, 1}};
  folder.list.FindBugs();
  EXPECT_EQ(folder.list.bugs.front().representative, "other");
}

}  // namespace
}  // namespace slabhound::campaign
