// Instructions that take a count: so many units that they make, fill, copy or read (rule F3 of
// machine/machine.h). It is their last operand. array.new_fixed has its count as an immediate, and
// what grows has a difference.
#pragma once

#include "wasm/opcode.h"

namespace slabhound::wasm {

inline bool TakesCount(Opcode op) {
  switch (op) {
    case Opcode::ArrayNew:
    case Opcode::ArrayNewDefault:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
    case Opcode::ArrayFill:
    case Opcode::ArrayCopy:
    case Opcode::ArrayInitData:
    case Opcode::ArrayInitElem:
    case Opcode::TableFill:
    case Opcode::TableCopy:
    case Opcode::TableInit:
    case Opcode::MemoryFill:
    case Opcode::MemoryCopy:
    case Opcode::MemoryInit:
      return true;
    default:
      return false;
  }
}

}  // namespace slabhound::wasm
