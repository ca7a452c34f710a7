// Which instructions a constant expression may consist of (spec 3.4.14).
#pragma once

#include "wasm/opcode.h"

namespace slabhound::valid {

// For global.get the global must be immutable too.
constexpr bool IsConstant(wasm::Opcode op) {
  using enum wasm::Opcode;
  switch (op) {
    case End:
    case I32Const:
    case I64Const:
    case F32Const:
    case F64Const:
    case V128Const:
    case I32Add:
    case I32Sub:
    case I32Mul:
    case I64Add:
    case I64Sub:
    case I64Mul:
    case GlobalGet:
    case RefNull:
    case RefFunc:
    case RefI31:
    case StructNew:
    case StructNewDefault:
    case ArrayNew:
    case ArrayNewDefault:
    case ArrayNewFixed:
    case AnyConvertExtern:
    case ExternConvertAny:
      return true;
    default:
      return false;
  }
}

}  // namespace slabhound::valid
