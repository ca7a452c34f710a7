// An engine in a process of its own: a worker (protocol.h) that is started when it is needed, runs
// module after module, and is replaced when it fails, has run many, or has grown.
//
// 1. Whatever the worker does, Run returns within the time limits (run_clock.h), and the next Run
//    works. With the request's `progress`, compiling and running have the whole time each.
// 2. A failure is a value (diagnose.h).
// 3. What the failed worker had been sent before, in order and to the byte, is kept until the next
//    Run, for a failure that does not come from the last request alone (recurrence.h). It is
//    bounded: a worker that has been sent much is replaced.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/subprocess.h"
#include "worker/diagnose.h"
#include "worker/protocol.h"
#include "worker/run_clock.h"

namespace slabhound::worker {

struct WorkerLimits {
  std::chrono::milliseconds start_time{20'000};
  std::chrono::milliseconds run_time{10'000};  // of the CPU
  // Of the CPU, for each call of a run instead of all together. Only a worker that tells its
  // progress can be held to that.
  std::optional<std::chrono::milliseconds> call_time = {};
  uint64_t data_bytes_max = 4ull << 30;    // RLIMIT_DATA of the worker
  size_t answer_bytes_max = 64u << 20;     // one frame
  size_t modules_max = 2'000;              // then a fresh worker
  size_t history_bytes_max = 32u << 20;    // likewise
  uint64_t memory_bytes_max = 1ull << 30;  // likewise, by what it says

  std::chrono::milliseconds CallTime() const { return call_time.value_or(run_time); }
};

class ProcessEngine {
 public:
  explicit ProcessEngine(std::vector<std::string> command, const WorkerLimits& limits = {});

  // Starts a worker if none runs. Its name and version are known then.
  Result<void, trace::Failure> Start();
  const WorkerHello& hello() const { return hello_; }

  // The request's id becomes its number since the worker's start. Only a worker that can is asked
  // for progress.
  Result<WorkerRun, trace::Failure> Run(ByteSpan module, trace::RunRequest request);

  // Ends the worker: the next Run starts a fresh one.
  void Stop();

  // What the worker of the last Run had been given before it, oldest first.
  std::span<const trace::SentRun> history() const { return {history_.data(), before_}; }
  // Of the worker that runs and of what it started; nothing if none runs.
  std::optional<std::chrono::milliseconds> CpuTime() const;
  uint64_t workers_started() const { return workers_started_; }

 private:
  Result<std::string, trace::Failure> ReadFrame(Deadline deadline);
  // The next frame that tells no progress.
  Result<std::string, trace::Failure> ReadAnswer(const trace::RunRequest& request);
  trace::Failure TooLong(RunState state, const std::optional<std::string>& place);
  // At one go: a worker that gets a part would wake up for it.
  Result<void, trace::Failure> WriteFrames(std::initializer_list<ByteSpan> payloads,
                                           Deadline deadline);
  trace::Failure Died();  // reads the worker's end
  trace::Failure Killed(trace::FailureKind kind, std::string detail);

  std::vector<std::string> command_;
  WorkerLimits limits_;
  std::optional<Subprocess> worker_;
  WorkerHello hello_;
  std::vector<trace::SentRun> history_;
  size_t before_ = 0, history_bytes_ = 0;
  bool stale_ = false;  // to be replaced before the next run
  uint64_t workers_started_ = 0;
};

}  // namespace slabhound::worker
