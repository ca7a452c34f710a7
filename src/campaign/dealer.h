// Deals case numbers in batches: those of its shard that are not done yet. What a dead job leaves
// is dealt first.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "campaign/report.h"
#include "ledger/number_set.h"

namespace slabhound::campaign {

// Blocks of kBatch numbers go to the shards in turn: block b is of shard b % count.
struct Shard {
  uint64_t index = 0, count = 1;  // index < count
};

std::string ShardText(const Shard& shard);  // "0/1"
std::optional<Shard> ParseShard(std::string_view text);

class Dealer {
 public:
  static constexpr uint64_t kBatch = 64;

  Dealer(std::optional<uint64_t> modules, Shard shard, ledger::NumberSet done)
      : end_(modules.value_or(UINT64_MAX)), shard_(shard), done_(std::move(done)) {}

  // Nothing: all are dealt.
  std::optional<CasesOrder> Next();
  bool is_done();
  void Return(CasesOrder rest) {
    if (rest.count > 0) returned_.push_back(std::move(rest));
  }

 private:
  // Goes on to the next number that is to be dealt, and returns the gap that it is in.
  std::optional<ledger::NumberRange> FindGap();

  uint64_t next_ = 0, end_;
  Shard shard_;
  ledger::NumberSet done_;
  std::deque<CasesOrder> returned_;
};

}  // namespace slabhound::campaign
