// What a campaign found becomes rows of a user's own, and is found again by them.
#include "campaign/known_rows.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "campaign/store.h"
#include "diff/fixture.h"

namespace slabhound::campaign {
namespace {

constexpr const char* kToday = "2026-06-01";

engine::EngineSpec Suspect() { return *engine::ParseEngine("wasmtime@31.0.0"); }

cause::Key SilentCause() {
  return {{{"wasmtime@31.0.0", cause::Cell::Fail}, {"wasmtime@32.0.0", cause::Cell::Pass}},
          {{"array.get", "ref.cast"}},
          cause::Severity::WrongValue,
          "diverges"};
}

// A folder with one symptom: what its engine said of it, or how it differed.
BugList ListWith(const TestFolder& folder, const diff::Signature& signature) {
  Finding finding;
  finding.signature = signature;
  finding.suspect = "wasmtime@31.0.0";
  finding.engines = {"oracle", finding.suspect};
  finding.module = {0, 'a', 's', 'm', 1, 0, 0, 0};
  finding.minimized = true;
  finding.cause = SilentCause();
  finding.ingredients = {"array.get", "loop", "ref.cast"};
  auto store = Store::Open(folder.path());
  EXPECT_TRUE(store && store->Offer(finding));
  return *ReadBugList(folder.path());
}

TEST(KnownRows, ASilentCauseIsFoundAgainByItsRow) {
  const TestFolder folder;
  const BugList list =
      ListWith(folder, {.kind = diff::FindingKind::Divergence, .suspect = "wasmtime"});
  ASSERT_EQ(list.bugs.size(), 1u);
  const auto rows = KnownRowsOf(list, list.bugs[0]);
  ASSERT_TRUE(rows.has_value()) << rows.error();
  ASSERT_EQ(rows->size(), 1u);
  const std::string file = folder.File("known");
  ASSERT_TRUE(AppendKnownRows(file, *rows).has_value());
  const auto read = avoid::ReadKnownFile(file);
  ASSERT_TRUE(read.has_value()) << read.error();
  EXPECT_EQ(*read, *rows);
  EXPECT_EQ((*read)[0].needs, (std::vector<std::string>{"array.get", "loop", "ref.cast"}));

  const auto finds = [&](const engine::EngineSpec& suspect, const cause::Key& key) {
    return FindKnownCause(*read, suspect, key, kToday) != nullptr;
  };
  EXPECT_TRUE(finds(Suspect(), SilentCause()));
  cause::Key near = SilentCause();
  near.shape.grams.push_back("struct.get");
  EXPECT_TRUE(finds(Suspect(), near));
  cause::Key never_fixed = SilentCause();
  never_fixed.variants[1].cell = cause::Cell::Fail;
  EXPECT_FALSE(finds(Suspect(), never_fixed));
  cause::Key far = SilentCause();
  far.shape.grams = {"any.convert_extern", "table.set"};
  EXPECT_FALSE(finds(Suspect(), far));
  EXPECT_FALSE(finds(*engine::ParseEngine("wasmtime@43.0.0"), SilentCause()));
  EXPECT_FALSE(finds(*engine::ParseEngine("v8"), SilentCause()));
  // A row is written once.
  EXPECT_FALSE(AppendKnownRows(file, *rows).has_value());
}

TEST(KnownRows, AnEnginesOwnWordsTellTheBugWithoutItsCause) {
  const TestFolder folder;
  diff::Signature signature = diff::PanicSignature("id from different slab");
  signature.suspect = "wasmtime";
  const BugList list = ListWith(folder, signature);
  ASSERT_EQ(list.bugs.size(), 1u);
  const auto rows = KnownRowsOf(list, list.bugs[0]);
  ASSERT_TRUE(rows.has_value()) << rows.error();
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_FALSE((*rows)[0].has_cause());
  EXPECT_EQ((*rows)[0].message, "id from different slab");
  EXPECT_EQ(FindKnownCause(*rows, Suspect(), SilentCause(), kToday), nullptr);
  EXPECT_NE(avoid::FindKnown(*rows, Suspect(), "31.0.0",
                             {avoid::Shows::Panic, "id from different slab", ""}, kToday),
            nullptr);
}

}  // namespace
}  // namespace slabhound::campaign
