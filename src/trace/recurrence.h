// Whether a failure of an engine behind a worker happens again, and what it needs for that.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "engine/spec.h"

namespace slabhound::trace {

// What a worker is asked to do with a module (worker/protocol.h, 3).
struct RunRequest {
  uint64_t id = 0;
  std::vector<std::string> exports = {};
  engine::Collection gc = engine::Collection::None;
  uint64_t gc_max = 0, log_max = 100'000;
  bool valid = false;     // the module is known to be
  bool progress = false;  // it is to tell where it is
  friend bool operator==(const RunRequest&, const RunRequest&) = default;
};

// A run as it was sent.
struct SentRun {
  RunRequest request;
  Bytes module;
  friend bool operator==(const SentRun&, const SentRun&) = default;
};

struct Recurrence {
  uint32_t seen = 0, tries = 0;       // it happened so often
  std::vector<SentRun> history = {};  // what the worker must have been sent before, oldest first
  bool reduced = false;               // no request of `history` can be dropped

  // In each try, with nothing before it.
  bool happens_alone() const { return history.empty() && seen == tries; }
  friend bool operator==(const Recurrence&, const Recurrence&) = default;
};

// Whether a failure shows again.
enum class Recurs : uint8_t { EveryTime, AfterOthers, NotEveryTime, NotReproduced };

inline Recurs RecursOf(const Recurrence& recurrence) {
  if (!recurrence.history.empty()) return Recurs::AfterOthers;
  if (recurrence.seen == recurrence.tries) return Recurs::EveryTime;
  return recurrence.seen == 0 ? Recurs::NotReproduced : Recurs::NotEveryTime;
}

}  // namespace slabhound::trace
