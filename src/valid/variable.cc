#include "valid/code.h"

namespace slabhound::valid {

bool CodeValidator::Drop() {
  ValType any;
  return PopAny(any);
}

bool CodeValidator::Select() {
  ValType second, first;
  if (!Pop(ValType::I32) || !PopAny(second) || !PopAny(first)) return false;
  // Untyped select is for numbers; an operand of unknown type takes the other one's.
  if (first.is_ref() || second.is_ref()) {
    return Fail(ErrorCode::TypeMismatch, "select without a type needs numeric operands");
  }
  if (first.kind() == wasm::TypeKind::Bottom) first = second;
  if (second.kind() != wasm::TypeKind::Bottom && first != second) return FailOperand(first, second);
  Push(first);
  return true;
}

bool CodeValidator::SelectTyped(const Instr& instr) {
  if (instr.b != 1) return FailIndex(ErrorCode::InvalidResultArity, instr.b);
  const ValType written = body_->types[instr.a];
  if (!CheckType(written)) return false;
  const ValType type = context_.valid.Canonical(written);
  if (!Pop(ValType::I32) || !Pop(type) || !Pop(type)) return false;
  Push(type);
  return true;
}

bool CodeValidator::LocalGet(const Instr& instr) {
  if (instr.a >= locals_.size()) return FailIndex(ErrorCode::UnknownLocal, instr.a);
  if (!local_set_[instr.a]) return FailLocal(ErrorCode::UninitializedLocal, instr.a);
  Push(locals_[instr.a]);
  return true;
}

bool CodeValidator::LocalSet(const Instr& instr, bool is_tee) {
  if (instr.a >= locals_.size()) return FailIndex(ErrorCode::UnknownLocal, instr.a);
  if (!Pop(locals_[instr.a])) return false;
  if (!local_set_[instr.a]) {
    local_set_[instr.a] = 1;
    initialized_.push_back(instr.a);
  }
  if (is_tee) Push(locals_[instr.a]);
  return true;
}

bool CodeValidator::GlobalGet(const Instr& instr) {
  if (instr.a >= (constant_ ? context_.visible_globals : context_.valid.globals.size())) {
    if (constant_ && instr.a < module_.GlobalCount()) return FailLaterGlobal(instr.a);
    return FailIndex(ErrorCode::UnknownGlobal, instr.a);
  }
  const wasm::GlobalType& global = context_.valid.globals[instr.a];
  if (constant_ && global.is_mutable) {
    return Fail(ErrorCode::ConstantRequired,
                "global.get of the mutable global " +
                    context_.IndexText(wasm::IndexSpace::Global, instr.a));
  }
  Push(global.type);
  return true;
}

bool CodeValidator::GlobalSet(const Instr& instr) {
  if (instr.a >= context_.valid.globals.size()) return FailIndex(ErrorCode::UnknownGlobal, instr.a);
  const wasm::GlobalType& global = context_.valid.globals[instr.a];
  if (!global.is_mutable) {
    return FailNamed(ErrorCode::ImmutableGlobal, wasm::IndexSpace::Global, instr.a);
  }
  return Pop(global.type);
}

}  // namespace slabhound::valid
