// For engines in which array.init_elem copies from the segment's start whatever its offset says
// (spec 4.6.9): the elements go through an array of their own.
//
// The instruction becomes array.copy of the destination onto itself, which checks it and changes
// nothing, array.new_elem, which checks the segment, and array.copy. That is one allocation more,
// and nothing sees the object.
#include <map>

#include "avoid/avoid.h"
#include "rewrite/function_editor.h"

namespace slabhound::avoid {
namespace {

using wasm::Opcode;
using wasm::ValType;

// For what one array.init_elem works on; those of one array type share them.
struct Locals {
  uint32_t array, made, to, from, count;
};

bool Rewrite(const wasm::Module& module, wasm::Function& function) {
  rewrite::FunctionEditor code(module, function);
  std::map<uint32_t, Locals> of_type;
  const auto locals_of = [&](uint32_t type) {
    const auto [found, is_new] = of_type.try_emplace(type);
    if (is_new) {
      const ValType array = ValType::Ref(wasm::HeapType::Index(type), true);
      found->second = {code.AddLocal(array), code.AddLocal(array), code.AddLocal(ValType::I32),
                       code.AddLocal(ValType::I32), code.AddLocal(ValType::I32)};
    }
    return found->second;
  };
  return code.ReplaceEach(Opcode::ArrayInitElem, [&](const wasm::Instr& instr) {
    const uint32_t type = instr.a, segment = instr.b;
    const Locals l = locals_of(type);
    for (const uint32_t local : {l.count, l.from, l.to, l.array}) {
      code.Emit(Opcode::LocalSet, local);
    }
    code.Get({l.array, l.to, l.array, l.to, l.count});
    code.Emit(Opcode::ArrayCopy, type, type);
    code.Get({l.from, l.count});
    code.Emit(Opcode::ArrayNewElem, type, segment);
    code.Emit(Opcode::LocalSet, l.made);
    code.Get({l.array, l.to, l.made});
    code.Emit(Opcode::I32Const);
    code.Get({l.count});
    code.Emit(Opcode::ArrayCopy, type, type);
  });
}

}  // namespace

bool AvoidInitElem(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) any |= Rewrite(module, function);
  return any;
}

}  // namespace slabhound::avoid
