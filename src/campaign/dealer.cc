#include "campaign/dealer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace slabhound::campaign {

std::string ShardText(const Shard& shard) { return fmt::format("{}/{}", shard.index, shard.count); }

std::optional<Shard> ParseShard(std::string_view text) {
  Shard shard;
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto read = [](std::string_view digits, uint64_t& number) {
    const char* past = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), past, number);
    return error == std::errc() && end == past;
  };
  if (!read(text.substr(0, slash), shard.index) || !read(text.substr(slash + 1), shard.count) ||
      shard.index >= shard.count) {
    return std::nullopt;
  }
  return shard;
}

std::optional<ledger::NumberRange> Dealer::FindGap() {
  for (;;) {
    const ledger::NumberRange gap = done_.GapFrom(next_);
    next_ = gap.first;
    if (next_ >= end_) return std::nullopt;
    const uint64_t block = next_ / kBatch;
    const uint64_t turn = block % shard_.count;
    if (turn == shard_.index) return gap;
    const uint64_t blocks = (shard_.index + shard_.count - turn) % shard_.count;
    if (block + blocks > UINT64_MAX / kBatch) return std::nullopt;
    next_ = (block + blocks) * kBatch;
  }
}

bool Dealer::is_done() { return returned_.empty() && !FindGap(); }

std::optional<CasesOrder> Dealer::Next() {
  if (!returned_.empty()) {
    CasesOrder order = std::move(returned_.front());
    returned_.pop_front();
    return order;
  }
  const auto gap = FindGap();
  if (!gap) return std::nullopt;
  const uint64_t past = std::min({gap->past, end_, next_ + (kBatch - next_ % kBatch)});
  CasesOrder order{next_, past - next_};
  next_ = past;
  return order;
}

}  // namespace slabhound::campaign
