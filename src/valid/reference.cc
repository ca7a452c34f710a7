#include <fmt/format.h>

#include "valid/code.h"

namespace slabhound::valid {

using wasm::AbstractHeap;

bool CodeValidator::RefNull(const Instr& instr) {
  const HeapType heap = HeapType::FromCode(instr.a);
  if (!CheckType(heap)) return false;
  Push(ValType::Ref(context_.valid.Canonical(heap), true));
  return true;
}

bool CodeValidator::RefIsNull() {
  ValType ref;
  if (!PopRef(ref)) return false;
  Push(ValType::I32);
  return true;
}

bool CodeValidator::RefFunc(const Instr& instr) {
  if (instr.a >= context_.valid.functions.size()) {
    return FailIndex(ErrorCode::UnknownFunction, instr.a);
  }
  if (!context_.declared[instr.a]) {
    return FailNamed(ErrorCode::UndeclaredFunctionRef, wasm::IndexSpace::Func, instr.a);
  }
  const auto id = static_cast<uint32_t>(context_.valid.functions[instr.a]);
  Push(ValType::Ref(HeapType::Index(id), false));
  return true;
}

bool CodeValidator::RefEq() {
  const ValType eqref = ValType::Ref(AbstractHeap::Eq, true);
  if (!Pop(eqref) || !Pop(eqref)) return false;
  Push(ValType::I32);
  return true;
}

bool CodeValidator::RefAsNonNull() {
  ValType ref;
  if (!PopRef(ref)) return false;
  Push(ref.WithNullable(false));
  return true;
}

bool CodeValidator::BrOnNull(const Instr& instr) {
  ValType ref;
  if (!PopRef(ref)) return false;
  const Frame* label = Label(instr.a);
  if (!label || !PopAll(label->label())) return false;
  PushAll(label->label());
  Push(ref.WithNullable(false));
  return true;
}

// The label's last type takes the reference; the rest stays on the stack.
bool CodeValidator::BrOnNonNull(const Instr& instr) {
  ValType ref;
  if (!PopRef(ref)) return false;
  const Frame* label = Label(instr.a);
  if (!label) return false;
  const std::span<const ValType> types = label->label();
  if (types.empty()) return Fail(ErrorCode::TypeMismatch, "the label takes no reference");
  const ValType taken = ref.WithNullable(false);
  if (taken != types.back() && !Widens(taken, types.back(), operands_.size())) return false;
  const std::span<const ValType> rest = types.first(types.size() - 1);
  if (!PopAll(rest)) return false;
  PushAll(rest);
  return true;
}

bool CodeValidator::RefTest(const Instr& instr) {
  const HeapType heap = HeapType::FromCode(instr.a);
  if (!CheckType(heap)) return false;
  if (!Pop(ValType::Ref(types_.Top(context_.valid.Canonical(heap)), true))) return false;
  Push(ValType::I32);
  return true;
}

bool CodeValidator::RefCast(const Instr& instr, bool nullable) {
  const HeapType heap = HeapType::FromCode(instr.a);
  if (!CheckType(heap)) return false;
  const HeapType target = context_.valid.Canonical(heap);
  if (!Pop(ValType::Ref(types_.Top(target), true))) return false;
  Push(ValType::Ref(target, nullable));
  return true;
}

// br_on_cast branches with the target type, br_on_cast_fail with the difference; the other type
// falls through.
bool CodeValidator::BrOnCast(const Instr& instr, bool on_fail) {
  const ValType written_source = CastSource(instr);
  const ValType written_target = CastTarget(instr);
  if (!CheckType(written_source) || !CheckType(written_target)) return false;
  const ValType source = context_.valid.Canonical(written_source);
  const ValType target = context_.valid.Canonical(written_target);
  if (!types_.IsSubtype(target, source)) {
    return Fail(ErrorCode::BadCast,
                fmt::format("a cast to {} from {}", Text(target), Text(source)));
  }
  const ValType difference = target.nullable() ? source.WithNullable(false) : source;
  const ValType taken = on_fail ? difference : target;
  const ValType kept = on_fail ? target : difference;
  const Frame* label = Label(instr.a);
  if (!label) return false;
  const std::span<const ValType> types = label->label();
  if (types.empty()) return Fail(ErrorCode::TypeMismatch, "the label takes no reference");
  if (!Matches(taken, types.back())) return FailOperand(types.back(), taken);
  const std::span<const ValType> rest = types.first(types.size() - 1);
  if (!Pop(source) || !PopAll(rest)) return false;
  PushAll(rest);
  Push(kept);
  return true;
}

// Nullability goes through.
bool CodeValidator::ConvertExtern(AbstractHeap from, AbstractHeap to) {
  ValType ref;
  if (!PopRef(ref)) return false;
  const ValType expected = ValType::Ref(from, true);
  if (!Matches(ref, expected)) return FailOperand(expected, ref);
  Push(ValType::Ref(to, ref.nullable()));
  return true;
}

bool CodeValidator::RefI31() {
  if (!Pop(ValType::I32)) return false;
  Push(ValType::Ref(AbstractHeap::I31, false));
  return true;
}

bool CodeValidator::I31Get() {
  if (!Pop(ValType::Ref(AbstractHeap::I31, true))) return false;
  Push(ValType::I32);
  return true;
}

}  // namespace slabhound::valid
