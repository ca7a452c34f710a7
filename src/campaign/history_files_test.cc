// A history comes back from its files as it was, and damaged files are told.
#include "campaign/history_files.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace slabhound::campaign {
namespace {

TEST(HistoryFiles, ComeBackAsTheyWere) {
  const TestFolder folder;
  std::vector<trace::SentRun> history;
  for (uint64_t i = 1; i <= 12; ++i) {
    history.push_back(
        {{.id = i, .exports = {"call 0", "state"}, .gc_max = i}, Bytes(static_cast<size_t>(i), 7)});
  }
  ASSERT_TRUE(WriteHistory(folder.File("history"), history).has_value());
  EXPECT_TRUE(folder.Has("history/000.json"));
  EXPECT_TRUE(folder.Has("history/011.wasm"));
  const auto read = ReadHistory(folder.File("history"));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_EQ(read->size(), history.size());
  for (size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(worker::RequestText(read->at(i).request), worker::RequestText(history[i].request));
    EXPECT_TRUE(read->at(i).module == history[i].module);
  }
}

TEST(HistoryFiles, AreEmptyOrWhole) {
  const TestFolder folder;
  EXPECT_TRUE(ReadHistory(folder.File("history"))->empty());
  ASSERT_TRUE(WriteFile(folder.File("000.json"), AsBytes("{}")).has_value());
  EXPECT_EQ(ReadHistory(folder.path()).error().message,
            folder.File("000.json") + ": the request's gc is of no known kind");
  const std::string request = worker::RequestText({});
  ASSERT_TRUE(WriteFile(folder.File("000.json"), AsBytes(request)).has_value());
  EXPECT_NE(ReadHistory(folder.path()).error().message.find("000.wasm"), std::string::npos);
}

}  // namespace
}  // namespace slabhound::campaign
