// One minimization under way: the smallest interesting test case so far, and the door through
// which every candidate goes.
//
// 1. Try accepts a candidate exactly when it is lighter than current(), was not tried before, is
//    valid, and the predicate calls it interesting; it is current() from then on.
// 2. Once Stopped, Try accepts nothing.
#pragma once

#include <set>

#include "minimizer/minimize.h"
#include "minimizer/weight.h"

namespace slabhound::minimizer {

class Reduction {
 public:
  // All of them outlive it. Requires: the input is valid and interesting.
  Reduction(testcase::TestCase input, const Predicate& predicate, const Options& options);

  const testcase::TestCase& current() const { return current_; }
  const wasm::Module& module() const { return current_.module; }
  const Counts& counts() const { return counts_; }
  bool Stopped();

  bool Try(testcase::TestCase candidate);
  // A candidate with another module and the same plan.
  bool Try(wasm::Module candidate) { return Try({std::move(candidate), current_.plan}); }

  void CountRound() { ++counts_.rounds; }
  testcase::TestCase Take() { return std::move(current_); }

 private:
  testcase::TestCase current_;
  const Predicate& predicate_;
  const Options& options_;
  Weight weight_;
  std::set<uint64_t> seen_;  // hashes of candidates
  Counts counts_;
  bool stopped_ = false;
};

}  // namespace slabhound::minimizer
