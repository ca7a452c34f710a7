// What one run of a test case may use, the same on every engine: its budgets, and bounds of our
// own.
#pragma once

#include "machine/machine.h"
#include "testcase/prepared.h"

namespace slabhound::trace {

struct RunLimits {
  machine::Limits machine;
  uint64_t fuel_per_call = 0, fuel_total = 0;
  uint32_t collection_cost_per_point = 16;  // exec::Config::cost_per_point of slab engines
  bool keep_walks = false;                  // the trace has the words of its walks

  // Those of generated cases.
  RunLimits() : RunLimits(testcase::kGeneratedBudgets) {}
  explicit RunLimits(const testcase::Budgets& budgets) {
    machine.memory_pages_max = testcase::kMemoryPagesMax;
    machine.memory_pages_total_max = 2 * testcase::kMemoryPagesMax;
    machine.table_elements_max = testcase::kTableElementsMax;
    machine.table_elements_total_max = 2 * testcase::kTableElementsMax;
    Set(budgets);
  }

  void Set(const testcase::Budgets& budgets) {
    fuel_per_call = budgets.fuel_per_call;
    fuel_total = budgets.fuel_total;
    machine.call_depth_max = static_cast<uint32_t>(budgets.call_depth_max);
    // Portable forms know one depth: the other never comes first.
    machine.host_depth_max = machine.call_depth_max;
    machine.heap_bytes_max = budgets.heap_bytes_max;
    machine.object_bytes_max = budgets.object_bytes_max;
  }

  // The limits of a run of this module: its plan may have budgets, and memories may be as large as
  // its own are from the start.
  RunLimits Of(const wasm::Module& module, const testcase::Plan& plan) const {
    RunLimits limits = *this;
    if (plan.budgets) limits.Set(*plan.budgets);
    uint64_t& pages_max = limits.machine.memory_pages_max;
    pages_max = testcase::MemoryPagesMax(module, pages_max);
    if (pages_max > machine.memory_pages_max) {
      limits.machine.memory_pages_total_max = pages_max * (module.MemoryCount() + 1);
    }
    return limits;
  }
  RunLimits Of(const testcase::Prepared& prepared) const {
    return Of(*prepared.module.module, prepared.plan);
  }
};

}  // namespace slabhound::trace
