// The memory of processes and of all that they started, and a budget for it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace slabhound::upkeep {

// Of each of these processes with its descendants: the bytes that they do not share with files or
// other processes. It looks at every process of the machine: some milliseconds.
std::vector<uint64_t> BytesOfTrees(std::span<const pid_t> roots);

// What becomes of jobs that together need more than they may.
//
// 1. The largest job is restarted, one at a time: it may have grown with what it did.
// 2. If that does not help for a minute, there is one job less from then on, down to one; after ten
//    minutes within the budget there is one more again.
class MemoryBudget {
 public:
  MemoryBudget(uint64_t bytes_max, size_t jobs_max)
      : bytes_max_(bytes_max), jobs_max_(jobs_max), jobs_(jobs_max) {}

  // To be called about every two seconds with the bytes of each job: the one to restart.
  std::optional<size_t> Look(double seconds, std::span<const uint64_t> bytes);
  // How many jobs may run now.
  size_t jobs() const { return jobs_; }
  // One job alone needs more.
  bool is_hopeless() const { return hopeless_; }

 private:
  static constexpr double kRestartSeconds = 15, kHelpsSeconds = 60, kCalmSeconds = 600;

  uint64_t bytes_max_;
  size_t jobs_max_, jobs_;
  std::optional<double> restarted_at_;
  double over_at_ = 0;
  bool hopeless_ = false;
};

}  // namespace slabhound::upkeep
