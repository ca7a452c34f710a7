// Holds a campaign's jobs and their workers against a budget of memory (upkeep/memory.h), and tells
// what it does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "campaign/news.h"
#include "campaign/seat.h"
#include "upkeep/memory.h"

namespace slabhound::campaign {

class MemoryWatch {
 public:
  // No bound: it does nothing. `news` outlives it.
  MemoryWatch(std::optional<uint64_t> bytes_max, size_t jobs, News& news);

  // The seat whose job is to be restarted when it has done what it was ordered.
  std::optional<size_t> Look(double seconds, std::span<const Seat> seats);
  // How many seats may have a job, from the first on.
  size_t jobs() const { return budget_ ? budget_->jobs() : jobs_; }

 private:
  void TellJobs(size_t before);

  std::optional<upkeep::MemoryBudget> budget_;
  size_t jobs_;
  News& news_;
  double next_ = 0;
  bool told_hopeless_ = false;
};

}  // namespace slabhound::campaign
