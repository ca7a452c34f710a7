// Whether a process that was given something to do is still worth waiting for.
//
// 1. Its time is what its process group spends on the CPU, so that a busy machine makes nobody
//    slow. A run that ends early costs no look at that: the first is after a tenth of the time, or
//    a second.
// 2. A process that spends next to nothing for as long as that, two seconds at least, makes no
//    progress, and nor does one that takes ten times as long on the wall.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "base/deadline.h"

namespace slabhound::worker {

enum class RunState : uint8_t {
  Going,
  Over,  // its time is
  Stuck
};

class RunClock {
 public:
  RunClock(pid_t group, std::chrono::milliseconds time);

  // When to look next.
  Deadline next() const { return next_; }
  RunState Look();

  // From here on there is so much time.
  void Restart(std::chrono::milliseconds time);

 private:
  using Clock = std::chrono::steady_clock;

  pid_t group_;
  std::chrono::milliseconds time_{0}, step_{0};
  Clock::time_point begin_, progress_;
  Deadline next_;
  bool looked_ = false;
  // Of the CPU: at the beginning, as far as is known; and when it last made progress.
  std::chrono::milliseconds spent_before_{0}, spent_last_{0};
};

}  // namespace slabhound::worker
