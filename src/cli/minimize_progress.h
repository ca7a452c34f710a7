// How far a minimization is, on stderr, every ten seconds where that is no terminal. How many
// rounds there will be is not known, since each asks again what the one before made possible; so
// the estimate is for the round under way, by the time that the last one took.
#pragma once

#include <chrono>
#include <string>

#include "minimizer/minimize.h"
#include "screen/progress.h"

namespace slabhound::cli {

// "round 3: 7 of 24 kinds of change, about 12 s left of it (globals)". `last_seconds`: of the round
// before; 0: there was none.
std::string RoundText(const minimizer::Progress& progress, double last_seconds);

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
  double last_seconds_ = 0;  // of the round before
  screen::ProgressLine line_{std::chrono::seconds(10)};
};

}  // namespace slabhound::cli
