// What the runs of one process are given and share. It is handed in: nothing below it reads a clock
// or keeps a worker of its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "avoid/known_file.h"
#include "base/guard.h"
#include "engine/info.h"
#include "trace/limits.h"
#include "worker/pool.h"

namespace slabhound::worker {

struct Lab {
  trace::RunLimits limits = {};
  // To find out what a failure needs to happen again (recurrence.h); zero: one try.
  std::chrono::milliseconds recurrence_time{12'000};
  // YYYY-MM-DD, for rows of avoid/known.def; empty: none is expired.
  std::string today = {};
  // Rows of a user's own (avoid/known_file.h); null: none. Copies share them.
  std::shared_ptr<const std::vector<avoid::KnownRow>> known = {};
  std::shared_ptr<Pool> workers = std::make_shared<Pool>();  // copies share them
  // Where runs of engines of this process say what they are at, if somebody watches.
  GuardNote* note = nullptr;
  // Texts of processes (engine::ProcessText) that do not take modules with exceptions, beyond what
  // engines.def says.
  std::set<std::string> without_exceptions = {};
  // A run that takes too long is told as a hang at once: nobody asks whether it was slow.
  bool believes_timeouts = false;

  bool TakesExceptions(const engine::EngineSpec& spec) const {
    return engine::TakesExceptions(spec) && !without_exceptions.contains(engine::ProcessText(spec));
  }

  const std::vector<avoid::KnownRow>& known_rows() const {
    static const std::vector<avoid::KnownRow> kNone;
    return known ? *known : kNone;
  }

  // The same for runs whose failures count only if they happen at once.
  Lab WithoutRecurrence() const {
    Lab lab = *this;
    lab.recurrence_time = std::chrono::milliseconds(0);
    return lab;
  }

  // The same, with workers of its own, for small cases many of which may hang while none should:
  // each would take all the time that a run has.
  Lab ForCandidates() const {
    constexpr std::chrono::milliseconds kRunTime{400};
    Lab lab = WithoutRecurrence();
    WorkerLimits bounds = workers->limits();
    bounds.run_time = std::min(bounds.run_time, kRunTime);
    lab.workers = std::make_shared<Pool>(bounds);
    lab.believes_timeouts = true;
    return lab;
  }
};

}  // namespace slabhound::worker
