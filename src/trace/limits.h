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

  RunLimits() {
    machine.call_depth_max = testcase::kCallDepthMax;
    // Portable forms know one depth: the other never comes first.
    machine.host_depth_max = machine.call_depth_max;
    machine.heap_bytes_max = 16u << 20;
    machine.object_bytes_max = testcase::kObjectBytesMax;
    machine.memory_pages_max = testcase::kMemoryPagesMax;
    machine.memory_pages_total_max = 2 * testcase::kMemoryPagesMax;
    machine.table_elements_max = testcase::kTableElementsMax;
    machine.table_elements_total_max = 2 * testcase::kTableElementsMax;
  }
};

}  // namespace slabhound::trace
