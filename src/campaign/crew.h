// The seats of a campaign, and the jobs in them: started when there is something to do, watched,
// and replaced when they are worn.
//
// 1. A job that hangs or has grown too large is killed, and its seat says why.
// 2. While the supervisor itself stands still (a full disk, Ctrl-Z), nobody takes reports: then
//    silence says nothing of a job.
// 3. A job inherits no other job's descriptors.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/orphans.h"
#include "base/result.h"
#include "campaign/seat.h"

namespace slabhound::campaign {

struct CrewLimits {
  double case_cpu_seconds_max = 0, case_wall_seconds_max = 0;  // between two signs of life
  double minimize_seconds_max = 0;
  uint64_t job_cases_max = 0, job_bytes_soft = 0;  // then a new one takes its place
  uint64_t job_bytes_max = 0;                      // it is killed
};

class Crew {
 public:
  // `run` outlives it.
  Crew(const CaseRun& run, size_t seats, const CrewLimits& limits);

  std::span<Seat> seats() { return seats_; }
  std::span<const Seat> seats() const { return seats_; }

  // Orders it of the seat's job, which is started if there is none. The error is one line.
  Result<void, std::string> Send(Seat& seat, const Order& order);
  // Whether its job has done enough.
  bool IsWorn(const Seat& seat) const;
  // Its job ends when it has done what it was ordered.
  static void Close(Seat& seat);
  // Its job ends now: it reported what it was not asked for.
  static void Distrust(Seat& seat);

  // Until some job reports, for a tenth of a second at most.
  void Wait();
  void Watch(Seat& seat);
  // The seat's job, which has ended, and how.
  std::pair<Job, ExitStatus> Reap(Seat& seat);
  void Dismiss() { seats_.clear(); }

  uint64_t jobs_started() const { return jobs_started_; }
  uint64_t workers_started() const;  // by all jobs

 private:
  Result<void, std::string> Start(Seat& seat);

  const CaseRun& run_;
  const CrewLimits limits_;
  std::vector<Seat> seats_;
  std::chrono::steady_clock::time_point waited_at_;
  uint64_t jobs_started_ = 0, workers_started_ = 0;  // the latter by jobs that have ended
};

}  // namespace slabhound::campaign
