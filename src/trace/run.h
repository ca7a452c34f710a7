// Running a prepared test case on a machine: imports, instantiation, calls, final state, census.
#pragma once

#include "base/guard.h"
#include "testcase/prepared.h"
#include "trace/limits.h"
#include "trace/trace.h"

namespace slabhound::trace {

// Steps of the note, if there is one: instantiation, the calls of the plan from 1, and the final
// state.
inline constexpr uint32_t kInstantiateStep = 0, kFirstCallStep = 1, kStateStep = UINT32_MAX;

Trace RunOn(machine::Machine& machine, const testcase::Prepared& prepared, const RunLimits& limits,
            GuardNote* note = nullptr);

}  // namespace slabhound::trace
