#include "avoid/none_cast.h"

#include "rewrite/function_editor.h"

namespace slabhound::avoid {
namespace {

using wasm::AbstractHeap;
using wasm::Opcode;
using wasm::ValType;

bool IsNone(ValType type) { return type.heap().Is(AbstractHeap::None); }

class Rewriter {
 public:
  Rewriter(const wasm::Module& module, wasm::Function& function) : code_(module, function) {}

  bool Rewrite() {
    const auto replace = [this](const wasm::Instr& instr) {
      if (!IsNone(wasm::CastTarget(instr))) return code_.Emit(instr);
      any_ = true;
      const bool from_nothing =
          IsNone(wasm::CastSource(instr)) && !wasm::CastSource(instr).nullable();
      if (from_nothing) {
        code_.Emit(Opcode::Unreachable);
      } else if (instr.op == Opcode::BrOnCast) {
        OnCast(instr);
      } else {
        OnCastFail(instr);
      }
    };
    code_.ReplaceEach(Opcode::BrOnCast, replace);
    code_.ReplaceEach(Opcode::BrOnCastFail, replace);
    return any_;
  }

 private:
  // No value is a (ref none).
  void OnCast(const wasm::Instr& instr) {
    if (!wasm::CastTarget(instr).nullable()) return;
    if (IsNone(wasm::CastSource(instr))) return code_.Emit(Opcode::Br, instr.a);
    const uint32_t reference = code_.AddLocal(wasm::CastSource(instr));
    code_.Emit(Opcode::LocalTee, reference);
    code_.Emit(Opcode::RefIsNull);
    code_.Emit(Opcode::If, wasm::BlockType().bits());
    EmitNull();
    code_.Emit(Opcode::Br, instr.a + 1);
    code_.Emit(Opcode::End);
    code_.Get({reference});
    code_.Emit(Opcode::RefAsNonNull);
  }

  void OnCastFail(const wasm::Instr& instr) {
    if (!wasm::CastTarget(instr).nullable()) return code_.Emit(Opcode::Br, instr.a);
    if (IsNone(wasm::CastSource(instr))) return;
    code_.Emit(Opcode::BrOnNonNull, instr.a);
    EmitNull();
  }

  void EmitNull() { code_.Emit(Opcode::RefNull, wasm::HeapType(AbstractHeap::None).code()); }

  rewrite::FunctionEditor code_;
  bool any_ = false;
};

}  // namespace

bool ReplaceNoneCasts(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) any |= Rewriter(module, function).Rewrite();
  return any;
}

}  // namespace slabhound::avoid
