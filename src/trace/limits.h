// What one run of a test case may use, the same on every engine.
#pragma once

#include "machine/machine.h"
#include "testcase/testcase.h"

namespace slabhound::trace {

struct RunLimits {
  machine::Limits machine;
  uint64_t fuel_per_call = testcase::kFuelPerCall;
  uint64_t fuel_total = testcase::kFuelTotal;
  uint32_t collection_cost_per_point = 16;  // exec::Config::cost_per_point of slab engines
  RunLimits();
};

}  // namespace slabhound::trace
