#include "campaign/dealer.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace slabhound::campaign {
namespace {

// How often each number is dealt.
std::map<uint64_t, int> Deal(Dealer dealer) {
  std::map<uint64_t, int> dealt;
  while (const auto order = dealer.Next()) {
    EXPECT_GT(order->count, 0U);
    EXPECT_LE(order->count, Dealer::kBatch);
    for (uint64_t i = 0; i < order->count; ++i) ++dealt[order->first + i];
  }
  return dealt;
}

TEST(Dealer, DealsEachNumberOnce) {
  for (const uint64_t modules : {1, 63, 64, 65, 300}) {
    const auto dealt = Deal(Dealer(modules, {}, {}));
    EXPECT_EQ(dealt.size(), modules);
    for (const auto& [number, times] : dealt) EXPECT_EQ(times, 1) << number;
  }
}

TEST(Dealer, LeavesOutWhatIsDone) {
  ledger::NumberSet done;
  done.Add(ledger::NumberRange{0, 10});
  done.Add(ledger::NumberRange{70, 200});
  const auto dealt = Deal(Dealer(210, {}, done));
  EXPECT_EQ(dealt.size(), 70U);
  for (const auto& [number, times] : dealt) EXPECT_FALSE(done.Contains(number)) << number;
}

TEST(Dealer, ShardsShareAllNumbers) {
  ledger::NumberSet done;
  done.Add(ledger::NumberRange{100, 130});
  std::map<uint64_t, int> all;
  for (uint64_t index = 0; index < 3; ++index) {
    for (const auto& [number, times] : Deal(Dealer(1'000, {index, 3}, done))) all[number] += times;
  }
  EXPECT_EQ(all.size(), 970U);
  for (const auto& [number, times] : all) EXPECT_EQ(times, 1) << number;
}

TEST(Dealer, AShardIsReadAsItIsWritten) {
  const auto shard = ParseShard("3/17");
  ASSERT_TRUE(shard.has_value());
  EXPECT_EQ(shard->index, 3U);
  EXPECT_EQ(shard->count, 17U);
  EXPECT_EQ(ShardText(*shard), "3/17");
  for (const char* text : {"", "3", "/", "3/", "/4", "4/4", "0/0", "-1/4", "1/4 ", "1/4/5", "a/b",
                           "1/99999999999999999999"}) {
    EXPECT_FALSE(ParseShard(text).has_value()) << text;
  }
}

TEST(Dealer, AShardBeyondTheEndHasNothing) {
  EXPECT_TRUE(Deal(Dealer(64, {1, 2}, {})).empty());
  EXPECT_TRUE(Deal(Dealer(0, {}, {})).empty());
}

TEST(Dealer, DealsWhatWasReturnedFirst) {
  Dealer dealer(std::nullopt, {}, {});
  CasesOrder first = *dealer.Next();
  first.first += 5;
  first.count -= 5;
  first.without = {"struct.new"};
  dealer.Return(first);
  EXPECT_EQ(*dealer.Next(), first);
  EXPECT_EQ(dealer.Next()->first, Dealer::kBatch);
}

}  // namespace
}  // namespace slabhound::campaign
