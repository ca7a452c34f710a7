// How functions are told: one is asked for its number by a call, or told by its type.
#include "portable/walk.h"

namespace slabhound::portable {

using wasm::Code;
using wasm::Opcode;

// Local 1: the fuel, local 2: the depth, as they were before the function is asked.
Code Walk::FunctionNumber() {
  const Form::Globals& globals = form_.globals;
  Code code;
  code.Op(Opcode::GlobalGet, globals.fuel)
      .Op(Opcode::LocalSet, 1)
      .Op(Opcode::GlobalGet, globals.depth)
      .Op(Opcode::LocalSet, 2);
  for (const wasm::TypeIdx type : ReferencedTypes()) {
    const wasm::HeapType heap = wasm::HeapType::Index(type);
    const auto& signature = std::get<wasm::FuncType>(form_.original.types[type].composite);
    code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefTest, heap).If();
    if (trace::TellsItsNumber(signature)) {
      code.I32(1).Op(Opcode::GlobalSet, globals.probing);
      code.I32(0).Op(Opcode::GlobalSet, globals.fuel).I32(0).Op(Opcode::GlobalSet, globals.depth);
      code.I32(-1).Op(Opcode::GlobalSet, globals.probed);
      Defaults(code, signature);
      code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefCast, heap).Op(Opcode::CallRef, type);
      for (size_t i = 0; i < signature.results.size(); ++i) code.Op(Opcode::Drop);
      code.I32(0).Op(Opcode::GlobalSet, globals.probing);
      code.Op(Opcode::LocalGet, 1)
          .Op(Opcode::GlobalSet, globals.fuel)
          .Op(Opcode::LocalGet, 2)
          .Op(Opcode::GlobalSet, globals.depth);
      code.Op(Opcode::GlobalGet, globals.probed).Op(Opcode::I64ExtendI32U);
    } else {
      code.I64(
          static_cast<int64_t>(trace::kFunctionType | static_cast<uint32_t>(form_.type_ids[type])));
    }
    code.Op(Opcode::Return).End();
  }
  return code.I64(-1);
}

std::vector<wasm::TypeIdx> Walk::ReferencedTypes() const {
  std::vector<bool> wanted(form_.original.types.size());
  for (size_t i = 0; i < form_.referenced.size(); ++i) {
    if (form_.referenced[i]) wanted[form_.function_types[i]] = true;
  }
  return DeepestFirst(wanted);
}

}  // namespace slabhound::portable
