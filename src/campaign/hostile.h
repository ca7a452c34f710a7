// For tests: the worker that does as it is told (src/workers/hostile), without what its interpreter
// would load for others, as these tests start it some hundred times.
#pragma once

#include <string>

#include "engine/spec.h"

namespace slabhound::campaign {

inline engine::EngineSpec Hostile(const std::string& how) {
  return *engine::ParseEngine("worker:" SLABHOUND_PYTHON " -S " SLABHOUND_SOURCE_DIR
                              "/src/workers/hostile/hostile_worker.py " +
                              how);
}

}  // namespace slabhound::campaign
