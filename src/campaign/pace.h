// How many modules a second were run over the last minute.
#pragma once

#include <cstdint>
#include <deque>

namespace slabhound::campaign {

class Pace {
 public:
  static constexpr double kSeconds = 60, kStep = 0.5;

  explicit Pace(uint64_t count = 0) : samples_{{0, count}} {}

  // So many after so many seconds; neither goes back.
  void Add(double seconds, uint64_t count) {
    if (!samples_.empty() && seconds - samples_.back().seconds < kStep) return;
    samples_.push_back({seconds, count});
    while (seconds - samples_.front().seconds > kSeconds) samples_.pop_front();
  }
  double PerSecond() const {
    if (samples_.size() < 2) return 0;
    const Sample &first = samples_.front(), &last = samples_.back();
    return static_cast<double>(last.count - first.count) / (last.seconds - first.seconds);
  }

 private:
  struct Sample {
    double seconds;
    uint64_t count;
  };
  std::deque<Sample> samples_;
};

}  // namespace slabhound::campaign
