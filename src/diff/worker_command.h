// How the worker of an engine is started: `slabhound-NAME` beside this program, built with it, or
// what scripts/engines.sh has put into the cache folder.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "diff/engine.h"

namespace slabhound::diff {

// The program and its arguments; the error is one line that says what to do.
Result<std::vector<std::string>, std::string> WorkerCommand(const EngineSpec& spec);

// Every installed engine, as texts of engines without options, in order.
std::vector<std::string> InstalledEngines();

// Whether the engine takes modules with exceptions (engines.def).
bool TakesExceptions(const EngineSpec& spec);

}  // namespace slabhound::diff
