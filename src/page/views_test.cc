// What is shown of a folder with a database, and of one whose database cannot be read.
#include "page/views.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/test_folder.h"
#include "ledger/ledger.h"
#include "page/example.h"
#include "page/report.h"

namespace slabhound::page {
namespace {

using campaign::Json;

Json JsonAt(const Views& views, const std::string& path) {
  const auto answer = views.Get(path);
  EXPECT_TRUE(answer.has_value()) << path;
  return answer ? Json::parse(answer->body, nullptr, false) : Json();
}

TEST(ViewsOfAFolder, HaveWhatTheDatabaseTells) {
  const TestFolder folder;
  const ExampleFolder example(folder.path(), {.bugs = 6, .symptoms = 15, .findings = 300});
  const auto views = Views::Open(folder.path());
  ASSERT_TRUE(views.has_value());
  const Json overview = JsonAt(**views, "/api/overview");
  EXPECT_EQ(overview["problem"], "");
  EXPECT_EQ(overview["counters"]["ran out"]["fuel"], 620'000);
  EXPECT_EQ(overview["growth"]["cases"].back(), 2'000'000);
  EXPECT_FALSE(overview["events"].empty());
  EXPECT_EQ(overview["run"]["configuration"]["engines"].size(), 3u);
  const Json bug = JsonAt(**views, "/api/bug/" + example.SlugAt(2));
  EXPECT_EQ(bug["mark"], "known");
  EXPECT_EQ(bug["history"]["said"][0]["text"], "fixed in 44");
  uint64_t seen = 0;
  for (const Json& each : JsonAt(**views, "/api/bugs")) {
    for (const Json& bar : each["seen"]["bars"]) seen += bar.get<uint64_t>();
  }
  EXPECT_EQ(seen, 300u);
  const Json start = (*views)->Start();
  EXPECT_EQ(start["/api/overview"], overview);
  const Json& first = start["first bugs"];
  EXPECT_EQ(first["all"], 6u);
  EXPECT_EQ(first["open"], first["bugs"].size());
  EXPECT_LT(first["open"], first["all"]);  // one is marked
  for (const Json& each : first["bugs"]) EXPECT_EQ(each["mark"], "");
  EXPECT_FALSE((*views)->Refresh());
}

// A shard's runs go on from each other; shards run side by side.
TEST(ViewsOfAFolder, GrowthIsTheSumOfShards) {
  const TestFolder folder;
  const auto grow = [&](const char* run, const char* shard, int64_t at_ms, uint64_t cases) {
    auto ledger = ledger::Ledger::Open(folder.path());
    ASSERT_TRUE(ledger.has_value());
    ASSERT_TRUE(ledger->Begin({1, "{}"}, {run, shard, "1", at_ms}));
    ledger::Batch batch;
    batch.at_ms = at_ms;
    batch.growth = ledger::Growth{cases, cases / 10, 3, 2};
    ASSERT_TRUE(ledger->Add(batch));
  };
  grow("a", "0/2", 1'000, 100);
  grow("b", "1/2", 2'000, 50);
  grow("c", "0/2", 3'000, 130);
  const auto views = Views::Open(folder.path());
  ASSERT_TRUE(views.has_value());
  const Json growth = JsonAt(**views, "/api/overview")["growth"];
  EXPECT_EQ(growth["cases"], Json({100, 150, 180}));
  EXPECT_EQ(growth["findings"], Json({10, 15, 18}));
  EXPECT_EQ(growth["symptoms"], Json({3, 3, 3}));
}

TEST(ViewsOfAFolder, ABrokenDatabaseIsAProblemOfOneLine) {
  const TestFolder folder;
  const ExampleFolder example(folder.path(), {.bugs = 3, .has_database = false});
  ASSERT_TRUE(WriteFile(folder.File("campaign.db"), AsBytes("no database, but long enough")));
  const auto views = Views::Open(folder.path());
  ASSERT_TRUE(views.has_value());
  EXPECT_NE(JsonAt(**views, "/api/overview")["problem"], "");
  EXPECT_EQ(JsonAt(**views, "/api/bugs").size(), 3u);
  EXPECT_FALSE((*views)->Refresh());
}

TEST(ViewsOfAFolder, KnowNoOtherPaths) {
  const TestFolder folder;
  const ExampleFolder example(folder.path(), {});
  const auto views = Views::Open(folder.path());
  ASSERT_TRUE(views.has_value());
  const std::string own = "/file/" + example.SlugAt(0);
  EXPECT_TRUE((*views)->Get(own + "/case.wat").has_value());
  for (const std::string& path :
       {own, own + "/", own + "/overrides.json", own + "/../x", std::string("/file/"),
        std::string("/api/bug/"), std::string("/api/bug/.."), std::string("")}) {
    EXPECT_FALSE((*views)->Get(path).has_value()) << path;
  }
}

TEST(ReportOfAFolder, LeavesOutFilesThatAreTooMuch) {
  const TestFolder folder;
  const ExampleFolder example(folder.path(), {});
  const auto all = ReportText(folder.path());
  const auto few = ReportText(folder.path(), 0);
  ASSERT_TRUE(all && few);
  EXPECT_NE(all->find("case.wasm\":{\"type\""), std::string::npos);
  EXPECT_EQ(few->find("case.wasm\":{\"type\""), std::string::npos);
  EXPECT_NE(few->find(example.SlugAt(4)), std::string::npos);
  EXPECT_EQ(all->find(kHostile), std::string::npos);
}

}  // namespace
}  // namespace slabhound::page
