// Vectors: the numbers that stand for v128 values wherever one is a word: in registers, globals and
// objects.
//
// 1. Equal values have one number, and 0 is the value zero, so that a word that was never set is
//    the default.
// 2. Nothing is forgotten: a number is good as long as the machine. A run that makes more than
//    kCountMax values is out of heap.
#pragma once

#include <map>
#include <vector>

#include "base/check.h"
#include "wasm/vector.h"

namespace slabhound::exec {

class Vectors {
 public:
  static constexpr size_t kCountMax = 1u << 20;

  wasm::V128 At(uint64_t number) const {
    if (number == 0) return {};
    CHECK(number <= values_.size());
    return values_[number - 1];
  }
  uint64_t NumberOf(wasm::V128 value) {
    if (value == wasm::V128{}) return 0;
    const auto [found, is_new] = numbers_.emplace(value, values_.size() + 1);
    if (is_new) values_.push_back(value);
    return found->second;
  }
  bool is_full() const { return values_.size() > kCountMax; }

 private:
  std::vector<wasm::V128> values_;
  std::map<wasm::V128, uint64_t> numbers_;
};

}  // namespace slabhound::exec
