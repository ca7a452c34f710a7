// A job: a process of the campaign's own, the same binary, forked; it generates and runs cases as
// ordered and reports each.
//
// 1. The child ignores SIGINT and SIGTERM (terminals and `timeout` send them to the whole group),
//    dies with its supervisor, and ends when its orders end. What it started ends with it.
// 2. Its stderr is a file in memory that starts anew with every case: what a crash said is there.
// 3. The supervisor's side never blocks on a job that is silent; writing an order may wait for the
//    job to read it.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/result.h"
#include "campaign/case_run.h"

namespace slabhound::campaign {

class Job {
 public:
  // Forks. `foreign` are descriptors of the other jobs, which the child closes: a pipe that two
  // processes hold does not end with one. The error is one line.
  static Result<Job, std::string> Start(const CaseRun& run, double minimize_seconds,
                                        std::span<const int> foreign);

  // False: the job is gone, or going.
  bool Send(const Order& order);
  // No more orders: it ends by itself.
  void CloseOrders() { orders_.Close(); }

  enum class Received : uint8_t { Open, Ended, Broken };
  // Takes in what has arrived; Broken: something that is no report.
  Received Receive(std::vector<Report>& reports);

  void Kill() { child_.Kill(); }
  // Waits for its end. Requires: Receive said Ended, or Kill was called.
  ExitStatus Reap() { return child_.Reap(); }

  pid_t pid() const { return child_.pid(); }
  int reports_fd() const { return reports_.get(); }
  std::array<int, 3> descriptors() const { return {orders_.get(), reports_.get(), errors_.get()}; }
  const Flight& flight() const { return *flight_; }
  uint64_t cpu_ns() const;
  uint64_t resident_bytes() const;
  // The end of what it wrote to stderr during the case.
  std::string Errors() const;

 private:
  Job() = default;

  Descriptor orders_, reports_, errors_;
  SharedFlight flight_;
  Bytes arrived_;
  Child child_;
};

}  // namespace slabhound::campaign
