// A worker process: the same binary, forked; it generates and runs cases as ordered and reports
// each.
//
// 1. The child ignores SIGINT and SIGTERM (terminals and `timeout` send them to the whole group),
//    dies with its supervisor, and ends when its orders end. What it started ends with it.
// 2. Its stderr is a file in memory that starts anew with every case: what a crash said is there.
// 3. The supervisor's side never blocks on a worker that is silent; writing an order may wait for
//    the worker to read it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/subprocess.h"
#include "campaign/case_run.h"

namespace slabhound::campaign {

class Worker {
 public:
  // Forks. `foreign` are descriptors of the other workers, which the child closes: a pipe that two
  // processes hold does not end with one. The error is one line.
  static Result<Worker, std::string> Start(const CaseRun& run, double minimize_seconds,
                                           std::span<const int> foreign);
  Worker(Worker&& other) noexcept;
  Worker& operator=(Worker&& other) noexcept;
  ~Worker();  // kills and reaps

  // False: the worker is gone, or going.
  bool Send(const Order& order);
  // No more orders: it ends by itself.
  void CloseOrders();

  enum class Received : uint8_t { Open, Ended, Broken };
  // Takes in what has arrived; Broken: something that is no report.
  Received Receive(std::vector<Report>& reports);

  void Kill();
  // Waits for its end. Requires: Receive said Ended, or Kill was called.
  ExitStatus Reap();

  int reports_fd() const { return reports_fd_; }
  std::span<const int> descriptors() const { return descriptors_; }
  const Flight& flight() const { return *flight_; }
  uint64_t cpu_ns() const;
  uint64_t resident_bytes() const;
  // The end of what it wrote to stderr during the case.
  std::string Errors() const;

 private:
  Worker() = default;
  void Release();

  pid_t pid_ = -1;
  int orders_fd_ = -1, reports_fd_ = -1, errors_fd_ = -1;
  int descriptors_[3] = {-1, -1, -1};
  SharedFlight flight_;
  Bytes arrived_;
};

}  // namespace slabhound::campaign
