// What the runs of one process are given and share. It is handed in: nothing below it reads a clock
// or keeps a worker of its own.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "trace/limits.h"
#include "worker/pool.h"

namespace slabhound::worker {

struct Lab {
  trace::RunLimits limits = {};
  // To find out what a failure needs to happen again (recurrence.h); zero: one try.
  std::chrono::milliseconds recurrence_time{12'000};
  // YYYY-MM-DD, for rows of avoid/known.def; empty: none is expired.
  std::string today = {};
  std::shared_ptr<Pool> workers = std::make_shared<Pool>();  // copies share them

  // The same for runs whose failures count only if they happen at once.
  Lab WithoutRecurrence() const {
    Lab lab = *this;
    lab.recurrence_time = std::chrono::milliseconds(0);
    return lab;
  }
};

}  // namespace slabhound::worker
