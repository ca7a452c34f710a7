// How far a minimization is, on stderr, every ten seconds where that is no terminal. It makes no
// estimate: how many candidates a reducer still has, and how many of them shrink the case, is not
// known before they are tried.
#pragma once

#include <chrono>

#include "minimizer/minimize.h"
#include "screen/progress.h"

namespace slabhound::cli {

class MinimizeProgress {
 public:
  explicit MinimizeProgress(uint64_t bytes);

  void Tell(const minimizer::Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  const uint64_t bytes_;  // of the input
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point told_ = begin_;
  uint64_t candidates_ = 0;  // when it told last
  screen::ProgressLine line_{std::chrono::seconds(10)};
};

}  // namespace slabhound::cli
