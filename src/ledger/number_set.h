// A set of case numbers as maximal ranges: those that are done.
#pragma once

#include <cstdint>
#include <map>

namespace slabhound::ledger {

struct NumberRange {
  uint64_t first = 0, past = 0;  // half open

  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

class NumberSet {
 public:
  // Returns the maximal range that holds them now. Requires: the range is not empty.
  NumberRange Add(NumberRange range);
  void Add(const NumberSet& other);
  bool Contains(uint64_t number) const;
  uint64_t size() const;
  // The first maximal range of numbers that are not in it, from `from` on; it may be without end
  // (`past` is UINT64_MAX).
  NumberRange GapFrom(uint64_t from) const;

  // First numbers, each with the one past the last.
  const std::map<uint64_t, uint64_t>& ranges() const { return ranges_; }

  friend bool operator==(const NumberSet&, const NumberSet&) = default;

 private:
  std::map<uint64_t, uint64_t> ranges_;
};

}  // namespace slabhound::ledger
