// Parametric instructions, locals and globals (spec 4.6.2 and 4.6.3).
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using wasm::Instr;

Value& Local(Thread& thread, uint32_t index) {
  const Frame& frame = thread.frame();
  CHECK(frame.locals + index < frame.operands);
  return thread.values[frame.locals + index];
}

// The canonical type of a local of the current function.
wasm::ValType LocalType(Thread& thread, uint32_t index) {
  const FuncInst& function = *thread.frame().function;
  const auto& params = thread.store.FunctionType(function.type).params;
  if (index < params.size()) return params[index];
  return function.module->valid.Canonical(function.function->locals[index - params.size()]);
}

GlobalInst& Global(Thread& thread, uint32_t index) {
  return thread.store.globals[thread.module().globals[index]];
}

Step SelectOne(Thread& thread) {
  const bool first = thread.Pop<uint32_t>() != 0;
  const Value b = thread.Pop();
  const Value a = thread.Pop();
  CHECK(a.is_ref() ? b.is_ref() : a.kind() == b.kind());
  thread.Push(first ? a : b);
  return Step::Next();
}

}  // namespace

Step Drop(Thread& thread, const Instr&) {
  thread.Pop();
  return Step::Next();
}

Step Select(Thread& thread, const Instr&) { return SelectOne(thread); }
Step SelectTyped(Thread& thread, const Instr&) { return SelectOne(thread); }

Step LocalGet(Thread& thread, const Instr& instr) {
  const Value value = Local(thread, instr.a);
  CHECK(value.kind() != ValueKind::Unset);
  thread.Push(value);
  return Step::Next();
}

Step LocalTee(Thread& thread, const Instr& instr) {
  CHECK(thread.values.size() > thread.Floor());
  const Value value = thread.values.back();
  CHECK(HasType(thread.store, value, LocalType(thread, instr.a)));
  Local(thread, instr.a) = value;
  return Step::Next();
}

Step LocalSet(Thread& thread, const Instr& instr) {
  STEP(LocalTee(thread, instr));
  return Drop(thread, instr);
}

Step GlobalGet(Thread& thread, const Instr& instr) {
  thread.Push(Global(thread, instr.a).value);
  return Step::Next();
}

Step GlobalSet(Thread& thread, const Instr& instr) {
  GlobalInst& global = Global(thread, instr.a);
  const Value value = thread.Pop();
  CHECK(global.type.is_mutable && HasType(thread.store, value, global.type.type));
  global.value = value;
  return Step::Next();
}

}  // namespace slabhound::oracle::rules
