// How far a minimization is, on stderr: about one line a second on a terminal, where each takes the
// place of the one before, and one in ten seconds elsewhere.
#pragma once

#include <chrono>

#include "minimizer/minimize.h"

namespace slabhound::cli {

class MinimizeProgress {
 public:
  explicit MinimizeProgress(uint64_t bytes);
  // The last line on a terminal ends.
  ~MinimizeProgress();
  MinimizeProgress(const MinimizeProgress&) = delete;
  MinimizeProgress& operator=(const MinimizeProgress&) = delete;

  void Tell(const minimizer::Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  const uint64_t bytes_;  // of the input
  const bool terminal_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point told_ = begin_;
  uint64_t candidates_ = 0;  // when it told last
  bool line_is_open_ = false;
};

}  // namespace slabhound::cli
