// The folder of findings keeps the best case of each bucket, whatever was there before.
#include "campaign/store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/test_folder.h"
#include "campaign/fixture.h"
#include "diff/fixture.h"
#include "testcase/testcase.h"
#include "wasm/limits.h"
#include "worker/history_section.h"

namespace slabhound::campaign {
namespace {

const diff::Signature kSignature = diff::PanicSignature("stale id");
const std::string kSlug = diff::SignatureSlug(kSignature);

// An empty module, and the same with custom sections behind it.
Bytes ModuleOfSize(size_t bytes) {
  Bytes module = {0, 'a', 's', 'm', 1, 0, 0, 0};
  while (module.size() < bytes) module.insert(module.end(), {0, 1, 0});
  return module;
}

Finding MakeFinding(size_t bytes, bool minimized) {
  Finding finding;
  finding.signature = kSignature;
  finding.verdict = "panic";
  finding.engines = {"oracle", "slab:mark_sweep:every-allocation"};
  finding.seed = 3;
  finding.number = 14;
  finding.module = ModuleOfSize(bytes);
  finding.minimized = minimized;
  finding.regression = minimized ? "(module)\n" : "";
  return finding;
}

nlohmann::json ReadFindingJson(const TestFolder& folder) {
  const auto content = ReadFile(folder.File(kSlug + "/finding.json"), 1u << 20);
  EXPECT_TRUE(content.has_value());
  return content ? nlohmann::json::parse(*content, nullptr, false) : nlohmann::json();
}

size_t CaseBytes(const TestFolder& folder) {
  const auto content = ReadFile(folder.File(kSlug + "/case.wasm"), 1u << 20);
  return content ? content->size() : 0;
}

TEST(Store, OfSteadyCampaignsKeepsWhatWasSmallestAtFirst) {
  const TestFolder folder;
  const auto offer = [&](uint64_t original_bytes, uint64_t number, size_t bytes) {
    auto store = Store::Open(folder.path());  // as another run does
    EXPECT_TRUE(store.has_value());
    Finding finding = MakeFinding(bytes, true);
    finding.steady = true;
    finding.original_bytes = original_bytes;
    finding.number = number;
    return store->Offer(finding).value_or(false);
  };
  EXPECT_TRUE(offer(100, 5, 20));
  EXPECT_FALSE(offer(200, 4, 11));
  EXPECT_FALSE(offer(100, 6, 11));
  EXPECT_TRUE(offer(100, 4, 26));
  EXPECT_TRUE(offer(90, 7, 29));
  EXPECT_EQ(CaseBytes(folder), 29u);
}

TEST(Store, WritesAllFilesOfAFinding) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE(*store->Offer(MakeFinding(20, true)));
  CountCases(folder.path(), kSlug, 5);
  ASSERT_TRUE(store->WriteCounts().has_value());
  for (const char* name : {"case.wasm", "case.wat", "regression.wast", "finding.json"}) {
    EXPECT_TRUE(folder.Has(kSlug + "/" + name)) << name;
  }
  const auto json = ReadFindingJson(folder);
  EXPECT_EQ(json["signature"], "slab panic: stale id");
  EXPECT_EQ(json["seed"], 3);
  EXPECT_EQ(json["case"], 14);
  EXPECT_EQ(json["count"], 5);
  EXPECT_EQ(json["reproduce"], "slabhound repro " + folder.File(kSlug));
  EXPECT_FALSE(json.contains("regression_missing"));
  // Nothing else is left behind.
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("campaign.db")) names.insert(name);
  }
  EXPECT_EQ(names, std::set<std::string>{kSlug});
}

TEST(Store, SweepsWhatAProcessThatIsGoneLeftUnfinished) {
  const TestFolder folder;
  {
    auto store = Store::Open(folder.path());
    ASSERT_TRUE(store.has_value());
    EXPECT_TRUE(*store->Offer(MakeFinding(20, false)));
  }
  constexpr int kNobody = 99'999'999;  // more than there can be
  const std::string stale = fmt::format(".{}.{}.part", kSlug, kNobody);
  const std::string stale_file = fmt::format("{}/finding.json.{}.part", kSlug, kNobody);
  const std::string ours = fmt::format(".{}.{}.part", kSlug, getpid());
  for (const std::string& name : {stale, ours}) {
    ASSERT_TRUE(MakeFolder(folder.File(name)).has_value());
    ASSERT_TRUE(WriteFile(folder.File(name + "/case.wasm"), Bytes{0}).has_value());
  }
  ASSERT_TRUE(WriteFile(folder.File(stale_file), Bytes{0}).has_value());
  ASSERT_TRUE(WriteFile(folder.File("my.part"), Bytes{0}).has_value());
  const auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(store->symptoms().size(), 1u);
  EXPECT_FALSE(folder.Has(stale));
  EXPECT_FALSE(folder.Has(stale_file));
  EXPECT_TRUE(folder.Has(ours));
  EXPECT_TRUE(folder.Has("my.part"));
}

TEST(Store, TellsWhyThereIsNoRegressionFile) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE(*store->Offer(MakeFinding(20, false)));
  EXPECT_EQ(ReadFindingJson(folder)["regression_missing"], "the case is not minimized");
  Finding finding = MakeFinding(20, true);
  finding.regression.clear();
  finding.regression_missing = "why";
  EXPECT_TRUE(*store->Offer(finding));
  EXPECT_EQ(ReadFindingJson(folder)["regression_missing"], "why");
  EXPECT_FALSE(folder.Has(kSlug + "/regression.wast"));
}

TEST(Store, ReplacesByBetterCasesOnly) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE(*store->Offer(MakeFinding(50, false)));
  EXPECT_FALSE(*store->Offer(MakeFinding(60, false)));
  EXPECT_TRUE(*store->Offer(MakeFinding(40, false)));
  EXPECT_TRUE(*store->Offer(MakeFinding(30, true)));
  EXPECT_FALSE(*store->Offer(MakeFinding(20, false)));
  EXPECT_FALSE(*store->Offer(MakeFinding(32, true)));
  EXPECT_EQ(CaseBytes(folder), 32u);
  EXPECT_TRUE(*store->Offer(MakeFinding(26, true)));
  EXPECT_EQ(CaseBytes(folder), 26u);
}

TEST(Store, KeepsWhatEarlierCampaignsLeft) {
  const TestFolder folder;
  {
    auto store = Store::Open(folder.path());
    ASSERT_TRUE(store.has_value());
    EXPECT_EQ(store->symptoms().size(), 0u);
    EXPECT_TRUE(*store->Offer(MakeFinding(26, true)));
    CountCases(folder.path(), kSlug, 2);
    ASSERT_TRUE(store->WriteCounts().has_value());
  }
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(store->symptoms().size(), 1u);
  EXPECT_FALSE(*store->Offer(MakeFinding(20, false)));
  EXPECT_TRUE(*store->Offer(MakeFinding(20, true)));
  CountCases(folder.path(), kSlug, 3);
  ASSERT_TRUE(store->WriteCounts().has_value());
  EXPECT_EQ(ReadFindingJson(folder)["count"], 5);
}

TEST(Store, LeavesAloneWhatItCannotRead) {
  const TestFolder folder;
  ASSERT_TRUE(MakeFolder(folder.File(kSlug)).has_value());
  for (const char* text : {"", "{", "[]", "{\"bytes\":-1,\"minimized\":true,\"count\":1}",
                           "{\"format\":4,\"bytes\":1,\"minimized\":true,\"count\":1}"}) {
    ASSERT_TRUE(WriteFile(folder.File(kSlug + "/finding.json"), AsBytes(text)).has_value());
    auto store = Store::Open(folder.path());
    ASSERT_TRUE(store.has_value());
    EXPECT_EQ(store->symptoms().size(), 0u);
    EXPECT_FALSE(*store->Offer(MakeFinding(20, true)));
    ASSERT_TRUE(store->WriteCounts().has_value());
    EXPECT_FALSE(folder.Has(kSlug + "/case.wasm"));
  }
}

TEST(Store, KeepsFoldersOfTheFirstFormat) {
  const TestFolder folder;
  ASSERT_TRUE(MakeFolder(folder.File("slab-panic-stale-id")).has_value());
  ASSERT_TRUE(WriteFile(folder.File("slab-panic-stale-id/finding.json"),
                        AsBytes("{\"bytes\":20,\"minimized\":true,\"count\":7}"))
                  .has_value());
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(store->symptoms().size(), 1u);
  EXPECT_TRUE(*store->Offer(MakeFinding(26, false)));  // its bucket has another folder now
  EXPECT_EQ(ReadFindingJson(folder)["format"], 3);
}

TEST(Store, SignaturesThatDifferInTheirLastLettersHaveFoldersOfTheirOwn) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  std::set<std::string> folders;
  Finding finding = MakeFinding(20, false);
  for (int i = 0; i < 1'000; ++i) {
    finding.signature.message = std::string(300, 'x') + std::to_string(i);
    EXPECT_TRUE(*store->Offer(finding));
    folders.insert(store->FolderOf(SlugOf(finding)));
  }
  EXPECT_EQ(folders.size(), 1'000u);
}

TEST(Store, NeedsAFolder) {
  const TestFolder folder;
  ASSERT_TRUE(WriteFile(folder.File("file"), AsBytes("x")).has_value());
  const auto store = Store::Open(folder.File("file"));
  ASSERT_FALSE(store.has_value());
  EXPECT_NE(store.error().message.find("file"), std::string::npos);
}

TEST(Store, TellsWhyACaseIsNotMinimized) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE(*store->Offer(MakeFinding(20, false)));
  ASSERT_TRUE(store->Explain(kSlug, "reproduced 2 of 9", 2, 9).has_value());
  EXPECT_EQ(ReadFindingJson(folder)["regression_missing"],
            "the case is not minimized: reproduced 2 of 9");
  EXPECT_EQ(ReadFindingJson(folder)["reproduced"], "2 of 9");
  // A better case has come meanwhile.
  EXPECT_TRUE(*store->Offer(MakeFinding(20, true)));
  ASSERT_TRUE(store->Explain(kSlug, "late", 0, 1).has_value());
  EXPECT_FALSE(ReadFindingJson(folder).contains("regression_missing"));
}

// How many runs the case's file holds.
size_t HistoryIn(const TestFolder& folder) {
  const auto bytes = ReadFile(folder.File(kSlug + "/case.wasm"), 1u << 20);
  auto test_case = testcase::ReadTestCase(*bytes);
  EXPECT_TRUE(test_case.has_value());
  return worker::TakeHistory(test_case->module)->runs.size();
}

// And one that fits into no file has a folder.
TEST(Store, ALargeHistoryIsNextToItsCase) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  Finding finding = MakeFinding(20, false);
  finding.recurrence = {
      .seen = 3, .tries = 3, .history = {{{}, Bytes(wasm::limits::kModuleBytesMax)}}};
  EXPECT_TRUE(*store->Offer(finding));
  EXPECT_EQ(HistoryIn(folder), 0u);
  EXPECT_TRUE(folder.Has(kSlug + "/history/000.wasm"));
}

TEST(Store, AShorterHistoryIsBetter) {
  const TestFolder folder;
  auto store = Store::Open(folder.path());
  ASSERT_TRUE(store.has_value());
  Finding finding = MakeFinding(20, false);
  finding.recurrence = {.seen = 3, .tries = 3, .history = {{{}, {1}}, {{}, {2}}}};
  EXPECT_TRUE(*store->Offer(finding));
  EXPECT_EQ(HistoryIn(folder), 2u);
  EXPECT_EQ(ReadFindingJson(folder)["reproduced"], "3 of 3");
  EXPECT_FALSE(*store->Offer(finding));
  finding.module = ModuleOfSize(50);
  finding.recurrence.history.pop_back();
  EXPECT_TRUE(*store->Offer(finding));
  EXPECT_EQ(HistoryIn(folder), 1u);
  finding.recurrence = {.seen = 1, .tries = 10};
  EXPECT_TRUE(*store->Offer(finding));
  EXPECT_EQ(ReadFindingJson(folder)["reproduce"],
            "slabhound repro " + folder.File(kSlug) + " --times 10");
}

}  // namespace
}  // namespace slabhound::campaign
