// CompileBudget: what compiling may still cost one machine, in steps of about a nanosecond or a few
// bytes.
//
// 1. Everything that is not linear in a function's size spends it: copies of the operand stack,
//    words of bitsets, registers in stack maps; and so does each op, which bounds the memory of
//    compiled code.
// 2. A function that it does not cover is not compiled: a run that enters one is exhausted.
#pragma once

#include <cstdint>

namespace slabhound::bytecode {

class CompileBudget {
 public:
  static constexpr uint64_t kStepsMax = 128u << 20;
  static constexpr uint64_t kStepsPerOp = 16;
  explicit CompileBudget(uint64_t steps = kStepsMax) : left_(steps) {}

  // False: there are not that many left, and from now on none.
  bool Spend(uint64_t steps) {
    if (left_ < steps) [[unlikely]] {
      left_ = 0;
      is_spent_ = true;
    } else {
      left_ -= steps;
    }
    return !is_spent_;
  }
  bool is_spent() const { return is_spent_; }
  uint64_t left() const { return left_; }

 private:
  uint64_t left_;
  bool is_spent_ = false;
};

}  // namespace slabhound::bytecode
