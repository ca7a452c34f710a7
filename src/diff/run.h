// Running a prepared test case on a machine: imports, instantiation, calls, final state.
#pragma once

#include "diff/engine.h"

namespace slabhound::diff {

Trace RunOn(embed::Machine& machine, const Prepared& prepared, const RunLimits& limits);

}  // namespace slabhound::diff
