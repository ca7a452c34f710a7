// The workers of one process: one for each engine with its own options. They live on from one run
// to the next, until the pool ends, and have the same limits.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "worker/process_engine.h"

namespace slabhound::worker {

class Pool {
 public:
  explicit Pool(const WorkerLimits& limits = {}) : limits_(limits) {}
  const WorkerLimits& limits() const { return limits_; }

  // `text` is engine::ProcessText; the command starts its worker.
  ProcessEngine& WorkerOf(const std::string& text, std::vector<std::string> command) {
    std::unique_ptr<ProcessEngine>& worker = workers_[text];
    if (worker == nullptr) worker = std::make_unique<ProcessEngine>(std::move(command), limits_);
    return *worker;
  }

  uint64_t workers_started() const {
    uint64_t started = 0;
    for (const auto& [text, worker] : workers_) started += worker->workers_started();
    return started;
  }

  // What was spent so far on failures of this kind that do not happen every time (recurrence.h, 5).
  std::chrono::steady_clock::duration& SpentOn(const std::string& kind) { return spent_[kind]; }

 private:
  WorkerLimits limits_;
  std::map<std::string, std::unique_ptr<ProcessEngine>> workers_;
  std::map<std::string, std::chrono::steady_clock::duration> spent_;
};

}  // namespace slabhound::worker
