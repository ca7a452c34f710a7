// How far a minimization is, on stderr, every ten seconds where that is no terminal. How many
// rounds there will be is not known, since each asks again what the one before made possible; so
// the estimate is for the round under way.
#pragma once

#include <chrono>
#include <string>

#include "minimizer/minimize.h"
#include "screen/progress.h"

namespace slabhound::cli {

// "round 3: 6 of 24, 8 s, about 24 s left (globals)", of the kinds of change; `seconds`: of the
// round so far.
std::string RoundText(const minimizer::Progress& progress, double seconds);

class MinimizeProgress {
 public:
  explicit MinimizeProgress(uint64_t bytes);

  void Tell(const minimizer::Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  const uint64_t bytes_;  // of the input
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point told_ = begin_, round_begin_ = begin_;
  uint64_t candidates_ = 0;  // when it told last
  uint64_t round_ = 0;
  screen::ProgressLine line_{std::chrono::seconds(10)};
};

}  // namespace slabhound::cli
