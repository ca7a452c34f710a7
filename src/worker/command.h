// How the worker of an engine is started: `slabhound-NAME` beside this program, built with it, or
// what scripts/engines.sh has put into the cache folder.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/spec.h"

namespace slabhound::worker {

// The program and its arguments; the error is one line that says what to do.
Result<std::vector<std::string>, std::string> WorkerCommand(const engine::EngineSpec& spec);

// Every installed engine, without options, by its text.
std::vector<engine::EngineSpec> InstalledEngines();

}  // namespace slabhound::worker
