// Canaries: small modules that an engine of somebody else's must pass before anything that it shows
// counts: one that returns, one that traps, and one whose forced collection keeps what is alive, if
// the engine says that it can force any. So an engine that does not run, that refuses everything,
// or whose exit code says nothing is told from one that agrees.
//
// 1. Engines of this process have none.
// 2. Of a command, and of a worker that has no row in engines.def, it is found out whether it takes
//    exceptions: if it does not, it gets modules without (worker::Lab::without_exceptions).
// 3. A worker of a canary ends with it.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/spec.h"

namespace slabhound::diff {

struct CanaryReport {
  bool exceptions = true;  // false: it refuses a module with them
};
struct CanaryFailure {
  std::string text = {};  // one line: what must happen, and what did
  bool died = false;      // by a signal, a panic or a time limit: it runs, and breaks
};

Result<CanaryReport, CanaryFailure> SendCanary(const engine::EngineSpec& spec);

}  // namespace slabhound::diff
