#include "ledger/number_set.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace slabhound::ledger {

NumberRange NumberSet::Add(NumberRange range) {
  CHECK(range.first < range.past);
  auto next = ranges_.upper_bound(range.first);
  if (next != ranges_.begin() && std::prev(next)->second >= range.first) {
    --next;
    range.first = next->first;
  }
  while (next != ranges_.end() && next->first <= range.past) {
    range.past = std::max(range.past, next->second);
    next = ranges_.erase(next);
  }
  ranges_.emplace(range.first, range.past);
  return range;
}

void NumberSet::Add(const NumberSet& other) {
  for (const auto& [first, past] : other.ranges_) Add({first, past});
}

bool NumberSet::Contains(uint64_t number) const {
  const auto next = ranges_.upper_bound(number);
  return next != ranges_.begin() && std::prev(next)->second > number;
}

uint64_t NumberSet::size() const {
  uint64_t count = 0;
  for (const auto& [first, past] : ranges_) count += past - first;
  return count;
}

NumberRange NumberSet::GapFrom(uint64_t from) const {
  auto next = ranges_.upper_bound(from);
  if (next != ranges_.begin() && std::prev(next)->second > from) from = std::prev(next)->second;
  return {from, next == ranges_.end() ? UINT64_MAX : next->first};
}

}  // namespace slabhound::ledger
