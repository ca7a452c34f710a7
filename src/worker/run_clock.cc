#include "worker/run_clock.h"

#include <algorithm>

#include "base/cpu_time.h"

namespace slabhound::worker {
namespace {

using std::chrono::milliseconds;

constexpr int kWallFactor = 10;           // the far bound
constexpr milliseconds kStuckMin{2'000};  // a busy machine may not let it run for a while
// Idle threads of an engine spend less than this part of a step.
constexpr int kIdlePart = 20;

}  // namespace

RunClock::RunClock(pid_t group, milliseconds time) : group_(group) { Restart(time); }

void RunClock::Restart(milliseconds time) {
  time_ = time;
  step_ = std::clamp(time / 10, milliseconds(1), milliseconds(1'000));
  begin_ = progress_ = Clock::now();
  next_ = DeadlineIn(step_);
  looked_ = false;
}

RunState RunClock::Look() {
  const Clock::time_point now = Clock::now();
  const auto wall = std::chrono::duration_cast<milliseconds>(now - begin_);
  const milliseconds spent = GroupCpuTime(group_).value_or(wall);
  if (!looked_) {
    looked_ = true;
    // What it spent until now is not known: as much as it could with one thread.
    spent_before_ = spent - std::min(spent, wall);
    spent_last_ = spent;
  }
  next_ = DeadlineIn(step_);
  if (spent - spent_before_ >= time_) return RunState::Over;
  if (spent - spent_last_ > step_ / kIdlePart) {
    spent_last_ = spent;
    progress_ = now;
  }
  const milliseconds patience = std::max(time_, kStuckMin);
  const bool is_stuck = now - progress_ >= patience || wall >= kWallFactor * patience;
  return is_stuck ? RunState::Stuck : RunState::Going;
}

}  // namespace slabhound::worker
