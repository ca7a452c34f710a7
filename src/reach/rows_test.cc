// What is written is what is read, and more of it is a sum.
#include "reach/rows.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace slabhound::reach {
namespace {

Reach Some() {
  Reach reach;
  reach.Add(*FindCell("array.fill", "array of f32"), State::Generated, 7);
  reach.Add(*FindCell("array.fill", "array of f32"), State::Moved, 2);
  reach.Add(*FindCell("local.get", "any or null"), State::Ran, 1);
  return reach;
}

TEST(ReachRows, AreSummedOverBatchesAndRuns) {
  const TestFolder folder;
  Reach sum;
  for (const char* run : {"a", "b"}) {
    auto ledger = ledger::Ledger::Open(folder.path());
    ASSERT_TRUE(ledger.has_value());
    ASSERT_TRUE(ledger->Begin({1, "{}"}, {run, "0/1", "1", 0}).has_value());
    for (int i = 0; i < 2; ++i) {
      ledger::Batch batch;
      batch.reached = RowsOf(Some());
      ASSERT_TRUE(ledger->Add(batch).has_value());
      sum.Add(Some());
    }
  }
  const auto database = ledger::Database::Open(folder.path(), ledger::Access::Read);
  ASSERT_TRUE(database.has_value());
  const auto read = ReadReach(*database);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, sum);
}

}  // namespace
}  // namespace slabhound::reach
