// For engines in which ref.cast to extern loses the reference (spec 4.6.9, ref.cast): every
// external reference is of that type, so that only a null is looked for, and meets a cast to (ref
// any).
#include <optional>

#include "avoid/avoid.h"
#include "rewrite/function_editor.h"
#include "rewrite/keep_valid.h"

namespace slabhound::avoid {
namespace {

using wasm::AbstractHeap;
using wasm::HeapType;
using wasm::Opcode;
using wasm::ValType;

constexpr HeapType kExtern = AbstractHeap::Extern;

class Rewriter {
 public:
  Rewriter(const wasm::Module& module, wasm::Function& function) : code_(module, function) {}

  bool Rewrite() {
    Each(Opcode::RefCastNull, [](const wasm::Instr&) {});
    Each(Opcode::RefCast, [this](const wasm::Instr&) { CastNonNull(); });
    Each(Opcode::BrOnCast, [this](const wasm::Instr& instr) { BranchOnCast(instr); });
    Each(Opcode::BrOnCastFail, [this](const wasm::Instr& instr) { BranchOnCastFail(instr); });
    return any_;
  }

 private:
  // Whether null is all there is to ask for.
  static bool OnNullOnly(const wasm::Instr& instr) {
    return wasm::CastSource(instr).nullable() && !wasm::CastTarget(instr).nullable();
  }

  template <typename Replace>
  void Each(Opcode op, Replace replace) {
    const bool is_branch = op == Opcode::BrOnCast || op == Opcode::BrOnCastFail;
    code_.ReplaceEach(op, [&](const wasm::Instr& instr) {
      const HeapType heap =
          is_branch ? wasm::CastTarget(instr).heap() : HeapType::FromCode(instr.a);
      if (heap != kExtern) return code_.Emit(instr);
      any_ = true;
      replace(instr);
    });
  }

  // The null that is on the stack meets `then`; any other reference is left there.
  template <typename Then>
  void IfNull(Then then) {
    if (!reference_) reference_ = code_.AddLocal(ValType::Ref(kExtern, true));
    code_.Emit(Opcode::LocalTee, *reference_);
    code_.Emit(Opcode::RefIsNull);
    code_.Emit(Opcode::If, wasm::BlockType().bits());
    then();
    code_.Emit(Opcode::End);
    code_.Get({*reference_});
    code_.Emit(Opcode::RefAsNonNull);
  }

  void CastNonNull() {
    IfNull([this] {
      const uint32_t heap_any = HeapType(AbstractHeap::Any).code();
      code_.Emit(Opcode::RefNull, heap_any);
      code_.Emit(Opcode::RefCast, heap_any);
      code_.Emit(Opcode::Drop);
    });
  }

  void BranchOnCast(const wasm::Instr& instr) {
    if (!OnNullOnly(instr)) return code_.Emit(Opcode::Br, instr.a);
    code_.Emit(Opcode::BrOnNonNull, instr.a);
    code_.Emit(Opcode::RefNull, kExtern.code());
  }

  void BranchOnCastFail(const wasm::Instr& instr) {
    if (!OnNullOnly(instr)) return;
    IfNull([&] {
      code_.Emit(Opcode::RefNull, kExtern.code());
      code_.Emit(Opcode::Br, instr.a + 1);
    });
  }

  rewrite::FunctionEditor code_;
  std::optional<uint32_t> reference_;
  bool any_ = false;
};

}  // namespace

bool AvoidExternCast(wasm::Module& module) {
  wasm::Module made = module;
  bool any = false;
  for (wasm::Function& function : made.functions) any |= Rewriter(made, function).Rewrite();
  // A label that takes more than one operand gets too few.
  return any && rewrite::TakeValidFunctions(module, made);
}

}  // namespace slabhound::avoid
