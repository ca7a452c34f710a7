// SlotSet: a set of small numbers, such as the indices of slots (Heap::IndexOf): the commonest side
// table of a collector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace slabhound::heap {

class SlotSet {
 public:
  // Has room for numbers below `end` from now on, and what it had.
  void Grow(size_t end) { words_.resize((end + 63) / 64); }
  // Empty, with room for numbers below `end`.
  void Reset(size_t end) { words_.assign((end + 63) / 64, 0); }

  // Requires, as Erase does: there is room for it. Whether it was not in the set.
  bool Insert(size_t index) {
    uint64_t& word = words_[index / 64];
    const bool is_new = (word & Bit(index)) == 0;
    word |= Bit(index);
    return is_new;
  }
  void Erase(size_t index) { words_[index / 64] &= ~Bit(index); }
  bool Contains(size_t index) const { return (word(index / 64) & Bit(index)) != 0; }

  // Erases of the numbers of word(i) those whose bits are given.
  void EraseFrom(size_t i, uint64_t bits) { words_[i] &= ~bits; }

  // Numbers 64 * i to 64 * i + 63, a bit each; beyond the end there are none.
  uint64_t word(size_t i) const { return i < words_.size() ? words_[i] : 0; }

 private:
  static uint64_t Bit(size_t index) { return uint64_t{1} << (index % 64); }
  std::vector<uint64_t> words_;
};

}  // namespace slabhound::heap
