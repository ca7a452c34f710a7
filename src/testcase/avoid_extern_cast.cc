#include "testcase/avoid_extern_cast.h"

#include <optional>

#include "testcase/function_editor.h"

namespace slabhound::testcase {
namespace {

using wasm::AbstractHeap;
using wasm::HeapType;
using wasm::Opcode;

bool IsExtern(const wasm::Instr& instr) {
  return HeapType::FromCode(instr.a).Is(AbstractHeap::Extern);
}

bool Rewrite(const wasm::Module& module, wasm::Function& function) {
  FunctionEditor code(module, function);
  bool any = false;
  code.ReplaceEach(Opcode::RefCastNull, [&](const wasm::Instr& instr) {
    if (!IsExtern(instr)) return code.Emit(instr);
    any = true;
  });
  std::optional<uint32_t> reference;
  code.ReplaceEach(Opcode::RefCast, [&](const wasm::Instr& instr) {
    if (!IsExtern(instr)) return code.Emit(instr);
    any = true;
    if (!reference) reference = code.AddLocal(wasm::ValType::Ref(AbstractHeap::Extern, true));
    const uint32_t heap_any = HeapType(AbstractHeap::Any).code();
    code.Emit(Opcode::LocalTee, *reference);
    code.Emit(Opcode::RefIsNull);
    code.Emit(Opcode::If, wasm::BlockType().bits());
    code.Emit(Opcode::RefNull, heap_any);
    code.Emit(Opcode::RefCast, heap_any);
    code.Emit(Opcode::Drop);
    code.Emit(Opcode::End);
    code.Get({*reference});
    code.Emit(Opcode::RefAsNonNull);
  });
  return any;
}

}  // namespace

bool AvoidExternCast(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) any |= Rewrite(module, function);
  return any;
}

}  // namespace slabhound::testcase
