#include "campaign/memory_watch.h"

#include <fmt/format.h>

#include <vector>

namespace slabhound::campaign {
namespace {

constexpr double kInterval = 2;  // seconds

}  // namespace

MemoryWatch::MemoryWatch(std::optional<uint64_t> bytes_max, size_t jobs, News& news)
    : jobs_(jobs), news_(news) {
  if (bytes_max) budget_.emplace(*bytes_max, jobs);
}

void MemoryWatch::TellJobs(size_t before) {
  if (budget_->jobs() != before) {
    news_.Warn(fmt::format("the jobs need {} than --memory-max: {} of {} run at a time now",
                           budget_->jobs() < before ? "more" : "less", budget_->jobs(), jobs_));
  }
  if (budget_->is_hopeless() && !told_hopeless_) {
    told_hopeless_ = true;
    news_.Warn("one job alone needs more than --memory-max: it is restarted again and again");
  }
}

std::optional<size_t> MemoryWatch::Look(double seconds, std::span<const Seat> seats) {
  if (!budget_ || seconds < next_) return std::nullopt;
  next_ = seconds + kInterval;
  constexpr pid_t kNobody = -1;
  std::vector<pid_t> jobs;
  for (const Seat& seat : seats) jobs.push_back(seat.job ? seat.job->pid() : kNobody);
  const size_t before = budget_->jobs();
  const auto large = budget_->Look(seconds, upkeep::BytesOfTrees(jobs));
  TellJobs(before);
  return large;
}

}  // namespace slabhound::campaign
