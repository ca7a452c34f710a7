// A place for a job, and what that was ordered.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "campaign/finding.h"
#include "campaign/job.h"
#include "campaign/report.h"
#include "campaign/status.h"

namespace slabhound::campaign {

struct Seat {
  std::optional<Job> job;
  CasesOrder rest;                    // cases not reported yet
  std::optional<Finding> minimizing;  // the unminimized one
  std::optional<TryOrder> trying;     // of an earlier finding
  bool closing = false;
  uint64_t cases = 0;
  std::string sentence;  // why the supervisor killed it
  // The last sign of life.
  uint64_t beats = 0, beat_cpu_ns = 0;
  std::chrono::steady_clock::time_point ordered_at, beat_at, watched_at;

  bool idle() const { return rest.count == 0 && !minimizing && !trying; }
};

JobStatus StatusOf(const Seat& seat, const CaseRun& run);

}  // namespace slabhound::campaign
