#include "trace/limits.h"

namespace slabhound::trace {

RunLimits::RunLimits() {
  machine.call_depth_max = testcase::kCallDepthMax;
  // Portable forms know one depth: the other never comes first.
  machine.host_depth_max = machine.call_depth_max;
  machine.heap_bytes_max = 16u << 20;
  machine.object_bytes_max = 64u << 10;
  machine.memory_pages_max = testcase::kMemoryPagesMax;
  machine.memory_pages_total_max = 2 * testcase::kMemoryPagesMax;
  machine.table_elements_max = testcase::kTableElementsMax;
  machine.table_elements_total_max = 2 * testcase::kTableElementsMax;
}

}  // namespace slabhound::trace
