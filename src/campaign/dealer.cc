#include "campaign/dealer.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::campaign {

std::string ShardText(const Shard& shard) { return fmt::format("{}/{}", shard.index, shard.count); }

std::optional<CasesOrder> Dealer::Next() {
  if (!returned_.empty()) {
    CasesOrder order = std::move(returned_.front());
    returned_.pop_front();
    return order;
  }
  for (;;) {
    const ledger::NumberRange gap = done_.GapFrom(next_);
    next_ = gap.first;
    if (next_ >= end_) return std::nullopt;
    const uint64_t block = next_ / kBatch;
    const uint64_t turn = block % shard_.count;
    if (turn != shard_.index) {
      const uint64_t blocks = (shard_.index + shard_.count - turn) % shard_.count;
      if (block + blocks > UINT64_MAX / kBatch) return std::nullopt;
      next_ = (block + blocks) * kBatch;
      continue;
    }
    const uint64_t past = std::min({gap.past, end_, next_ + (kBatch - next_ % kBatch)});
    CasesOrder order{next_, past - next_};
    next_ = past;
    return order;
  }
}

}  // namespace slabhound::campaign
