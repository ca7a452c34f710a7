// How a campaign stands at a moment, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign/tally.h"

namespace slabhound::campaign {

enum class Doing : uint8_t { Nothing, Cases, Minimizing };

// A place for a job, and what that does.
struct JobStatus {
  Doing doing = Doing::Nothing;
  std::string what = {};  // the symptom that it minimizes; of a case the stage and its engine
  uint64_t number = 0;    // of the case
  double seconds = 0;     // since it was ordered
  uint64_t bytes = 0;     // of memory, without its workers
};

struct Status {
  double seconds = 0;
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
};

}  // namespace slabhound::campaign
