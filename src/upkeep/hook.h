// A command of a user's that is run for messages, one after the other, by sh; a message is its
// stdin.
//
// 1. Give and Tick never wait: what is given waits in a queue, and what has no place there is lost.
// 2. A run that takes longer than its time is killed, with all that it started; so is what it left
//    behind when it ended.
// 3. What fails is told once for the first time, and is no reason to stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/child.h"
#include "base/descriptor.h"

namespace slabhound::upkeep {

struct HookLimits {
  std::chrono::milliseconds time = std::chrono::seconds(30);  // of one run
  size_t waiting_max = 100;
};

class Hook {
 public:
  explicit Hook(std::string command, const HookLimits& limits = {})
      : command_(std::move(command)), limits_(limits) {}

  void Give(std::string message);
  // Ends what has had its time and starts what is next. A line: what failed, and was not told yet.
  std::optional<std::string> Tick();
  // Waits until all is done, but no longer than that.
  std::optional<std::string> Finish(std::chrono::milliseconds time);

  bool is_idle() const { return waiting_.empty() && !child_; }
  uint64_t failures() const { return failures_; }

 private:
  using Clock = std::chrono::steady_clock;
  void Start();
  void Failed(const std::string& why);

  std::string command_;
  HookLimits limits_;
  std::deque<std::string> waiting_;
  std::optional<Child> child_;
  Clock::time_point end_;
  Descriptor said_;  // by the child, on stdout and stderr
  uint64_t failures_ = 0;
  std::optional<std::string> to_tell_;
};

}  // namespace slabhound::upkeep
