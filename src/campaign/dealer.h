// Deals case numbers in batches. What a dead job leaves is dealt first.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>

#include "campaign/report.h"

namespace slabhound::campaign {

class Dealer {
 public:
  static constexpr uint64_t kBatch = 64;

  explicit Dealer(std::optional<uint64_t> modules) : end_(modules.value_or(UINT64_MAX)) {}

  // Nothing: all are dealt.
  std::optional<CasesOrder> Next() {
    if (!returned_.empty()) {
      const CasesOrder order = returned_.front();
      returned_.pop_front();
      return order;
    }
    if (next_ == end_) return std::nullopt;
    const CasesOrder order{next_, std::min(kBatch, end_ - next_)};
    next_ += order.count;
    return order;
  }
  bool is_done() const { return returned_.empty() && next_ == end_; }
  void Return(CasesOrder rest) {
    if (rest.count > 0) returned_.push_back(rest);
  }

 private:
  uint64_t next_ = 0, end_;
  std::deque<CasesOrder> returned_;
};

}  // namespace slabhound::campaign
