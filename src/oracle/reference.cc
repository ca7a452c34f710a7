// References, i31 and casts (spec 4.6.4).
#include "oracle/eval.h"
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using machine::TrapKind;
using wasm::AbstractHeap;
using wasm::HeapType;
using wasm::Instr;
using wasm::ValType;

// The instruction's heap type as a canonical reference type.
ValType TargetType(Thread& thread, const Instr& instr, bool nullable) {
  return ValType::Ref(thread.module().valid.Canonical(HeapType::FromCode(instr.a)), nullable);
}

Step Test(Thread& thread, const ValType& target) {
  const Value value = thread.PopRef();
  return thread.PushNumber(uint32_t{HasType(thread.store, value, target)});
}

Step Cast(Thread& thread, const ValType& target) {
  const Value value = thread.PopRef();
  if (!HasType(thread.store, value, target)) return Step::Trap(TrapKind::CastFailure);
  thread.Push(value);
  return Step::Next();
}

// br_on_cast and br_on_cast_fail: the operand stays in both cases.
Step BranchOnCast(Thread& thread, const Instr& instr, bool when) {
  const valid::ValidModule& module = thread.module().valid;
  const Value value = thread.PopRef();
  CHECK(HasType(thread.store, value, module.Canonical(CastSource(instr))));
  const ValType target = module.Canonical(CastTarget(instr));
  thread.Push(value);
  return HasType(thread.store, value, target) == when ? Branch(thread, instr.a) : Step::Next();
}

constexpr uint32_t kI31Bits = 0x7fff'ffff, kI31Sign = 0x4000'0000;

}  // namespace

Step RefNull(Thread& thread, const Instr& instr) {
  thread.Push(Value::Null(thread.store.types.Top(TargetType(thread, instr, true).heap())));
  return Step::Next();
}

Step RefIsNull(Thread& thread, const Instr&) {
  return thread.PushNumber(uint32_t{thread.PopRef().is_null()});
}

Step RefFunc(Thread& thread, const Instr& instr) {
  thread.Push(
      Value::Reference(ValueKind::Func, AbstractHeap::Func, thread.module().functions[instr.a]));
  return Step::Next();
}

// Identity of objects, value of i31 (spec 4.6.4, ref.eq). Only eq references come here.
Step RefEq(Thread& thread, const Instr&) {
  const Value b = thread.PopRef();
  const Value a = thread.PopRef();
  const ValType eq = ValType::Ref(AbstractHeap::Eq, /*nullable=*/true);
  CHECK(HasType(thread.store, a, eq) && HasType(thread.store, b, eq));
  return thread.PushNumber(uint32_t{a.kind() == b.kind() && a.payload() == b.payload()});
}

Step RefAsNonNull(Thread& thread, const Instr&) {
  const Value value = thread.PopRef();
  if (value.is_null()) return Step::Trap(TrapKind::NullReference);
  thread.Push(value);
  return Step::Next();
}

Step BrOnNull(Thread& thread, const Instr& instr) {
  const Value value = thread.PopRef();
  if (value.is_null()) return Branch(thread, instr.a);
  thread.Push(value);
  return Step::Next();
}

Step BrOnNonNull(Thread& thread, const Instr& instr) {
  const Value value = thread.PopRef();
  if (value.is_null()) return Step::Next();
  thread.Push(value);
  return Branch(thread, instr.a);
}

Step RefTest(Thread& thread, const Instr& instr) {
  return Test(thread, TargetType(thread, instr, /*nullable=*/false));
}
Step RefTestNull(Thread& thread, const Instr& instr) {
  return Test(thread, TargetType(thread, instr, /*nullable=*/true));
}
Step RefCast(Thread& thread, const Instr& instr) {
  return Cast(thread, TargetType(thread, instr, /*nullable=*/false));
}
Step RefCastNull(Thread& thread, const Instr& instr) {
  return Cast(thread, TargetType(thread, instr, /*nullable=*/true));
}

Step BrOnCast(Thread& thread, const Instr& instr) {
  return BranchOnCast(thread, instr, /*when=*/true);
}
Step BrOnCastFail(Thread& thread, const Instr& instr) {
  return BranchOnCast(thread, instr, /*when=*/false);
}

Step AnyConvertExtern(Thread& thread, const Instr&) {
  const Value value = thread.PopRef();
  CHECK(value.top() == AbstractHeap::Extern);
  thread.Push(value.WithTop(AbstractHeap::Any));
  return Step::Next();
}

Step ExternConvertAny(Thread& thread, const Instr&) {
  const Value value = thread.PopRef();
  CHECK(value.top() == AbstractHeap::Any);
  thread.Push(value.WithTop(AbstractHeap::Extern));
  return Step::Next();
}

Step RefI31(Thread& thread, const Instr&) {
  const uint32_t bits = thread.Pop<uint32_t>() & kI31Bits;
  thread.Push(Value::Reference(ValueKind::I31, AbstractHeap::Any, bits));
  return Step::Next();
}

Step I31GetU(Thread& thread, const Instr&) {
  const Value value = thread.PopRef();
  if (value.is_null()) return Step::Trap(TrapKind::NullI31Reference);
  CHECK(value.kind() == ValueKind::I31 && value.top() == AbstractHeap::Any);
  return thread.PushNumber(value.payload());
}

Step I31GetS(Thread& thread, const Instr& instr) {
  STEP(I31GetU(thread, instr));
  const uint32_t bits = thread.Pop<uint32_t>();
  return thread.PushNumber((bits & kI31Sign) != 0 ? bits | ~kI31Bits : bits);
}

}  // namespace slabhound::oracle::rules
