// Instructions whose bodies are loops or rare: the interpreter's handlers call them out of line.
//
// 1. Each returns false when the run is stopped (trap, exhaustion, panic); effects then are none
// (rule F1).
// 2. Operands are words of the current window. Those on tables and memories return their results;
//    those that make objects write them to the window, which may have moved.
#pragma once

#include "exec/vm.h"

namespace slabhound::exec::bulk {

// Whether `count` items from `start` on are among `size`.
constexpr bool InBounds(uint64_t start, uint64_t count, uint64_t size) {
  return start <= size && count <= size - start;
}

bool TableFill(Store& store, RunState& run, const Op& op, const uint64_t* regs);
bool TableCopy(Store& store, RunState& run, const Op& op, const uint64_t* regs);
bool TableInit(Store& store, RunState& run, uint32_t elem, machine::TableAddr table, uint64_t to,
               uint64_t from, uint64_t count);
bool TableGrow(Store& store, RunState& run, const Op& op, const uint64_t* regs, uint64_t& result);
bool MemoryFill(Store& store, RunState& run, const Op& op, const uint64_t* regs);
bool MemoryCopy(Store& store, RunState& run, const Op& op, const uint64_t* regs);
bool MemoryInit(Store& store, RunState& run, uint32_t data, machine::MemoryAddr memory, uint64_t to,
                uint64_t from, uint64_t count);
bool MemoryGrow(Store& store, RunState& run, const Op& op, const uint64_t* regs, uint64_t& result);

// Allocations read their operands after the collection that may come first: the registers are roots
// until then. A collection moves no window.
bool NewStruct(Vm& vm, const Op& op, uint64_t* regs);
bool NewStructDefault(Vm& vm, const Op& op, uint64_t* regs);
bool NewArray(Vm& vm, const Op& op, bool with_value);
bool NewArrayFixed(Vm& vm, const Op& op);
bool NewArrayData(Vm& vm, const Op& op);
bool NewArrayElem(Vm& vm, const Op& op);
bool ThrowTag(Vm& vm, const Op& op);
void CatchValues(Vm& vm, const Op& op);

bool FillArray(Vm& vm, const Op& op);
bool CopyArray(Vm& vm, const Op& op);
bool InitArrayData(Vm& vm, const Op& op);
bool InitArrayElem(Vm& vm, const Op& op);

}  // namespace slabhound::exec::bulk
