// How a campaign stands at a moment, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign/tally.h"

namespace slabhound::campaign {

enum class Doing : uint8_t { Nothing, Cases, Minimizing, Trying };

// A place for a job, and what that does.
struct JobStatus {
  Doing doing = Doing::Nothing;
  std::string what = {};  // the symptom that it minimizes, or tries; the stage of a case
  uint64_t number = 0;    // of the case
  double seconds = 0;     // since it was ordered
  uint64_t bytes = 0;     // of memory, without its workers
};

struct Status {
  double seconds = 0;                                 // of this run
  uint64_t cases_before = 0;                          // of the tally, by earlier runs of the series
  std::optional<double> seconds_left = std::nullopt;  // estimated, where modules are counted
  Tally tally = {};
  std::vector<BugCounts> bugs = {};
  std::vector<std::string> engines = {};  // the campaign's, by their places in the tally
  std::vector<JobStatus> jobs = {};
  uint64_t jobs_started = 0, workers_started = 0;
  double modules_per_second = 0;                      // over the last minute
  size_t to_minimize = 0;                             // symptoms that wait for it
  std::optional<double> last_find_at = std::nullopt;  // the last new symptom: after so many seconds
  std::string last_find = {};

  EngineCounts CountsOf(size_t engine) const {
    const auto found = tally.engines.find(engine);
    return found == tally.engines.end() ? EngineCounts{} : found->second;
  }
  // Modules a second since the run began.
  double overall_rate() const {
    return seconds > 0 ? static_cast<double>(tally.cases - cases_before) / seconds : 0;
  }
};

}  // namespace slabhound::campaign
