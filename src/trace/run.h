// Running a prepared test case on a machine: imports, instantiation, calls, final state.
#pragma once

#include "testcase/prepared.h"
#include "trace/limits.h"
#include "trace/trace.h"

namespace slabhound::trace {

Trace RunOn(machine::Machine& machine, const testcase::Prepared& prepared, const RunLimits& limits);

}  // namespace slabhound::trace
