// A moment until which something may take.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace slabhound {

using Deadline = std::chrono::steady_clock::time_point;
inline Deadline DeadlineIn(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

inline Deadline DeadlineInSeconds(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<Deadline::duration>(std::chrono::duration<double>(seconds));
}

// For poll(2): rounded up, 0 when it has passed.
inline int MillisecondsUntil(Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000));
}

}  // namespace slabhound
