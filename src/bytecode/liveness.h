// Liveness of traced references, and from it the stack maps.
//
// 1. A register is in the map of a safepoint exactly when some path from there uses it as a traced
//    reference before defining it: nothing more is kept alive, nothing less.
// 2. The map of an allocation or loop safepoint holds what is live before the op, its own operands
//    included; the map of a call holds what is live after it, without its results.
// 3. An op that may throw also keeps alive what its handlers need.
// It is a backward dataflow over basic blocks, run to a fixpoint, within a budget.
#pragma once

#include "bytecode/budget.h"
#include "bytecode/bytecode.h"
#include "heap/fault.h"

namespace slabhound::bytecode {

// False: the budget did not cover it, and the maps are not complete.
bool ComputeStackMaps(Function& function, heap::Fault fault, CompileBudget& budget);

}  // namespace slabhound::bytecode
