// The Vm's values at the boundary: words inside, handles and numbers outside.
#include "base/check.h"
#include "exec/vm.h"

namespace slabhound::exec {

Result<machine::Value, machine::Panic> Vm::ToValue(uint64_t word, wasm::ValType type) {
  using machine::RefKind;
  if (type.is_vector()) return machine::Value::Vector(vectors_.At(word));
  if (!type.is_ref()) return machine::Value{type, word, {}};
  machine::Ref ref;
  if (!heap::IsTraced(types_, type)) {
    if (word != 0) {
      const auto address = FunctionOf(word);
      if (!address) {
        run_.ClearStop();
        return Fail(objects_.PanicValue());
      }
      ref = {RefKind::Func, *address};
    }
    return machine::Value::Reference(type, ref);
  }
  const heap::Ref heap_ref = heap::Ref::FromWord(word);
  if (heap_ref.is_i31()) {
    ref = {RefKind::I31, heap_ref.i31()};
  } else if (heap_ref.is_host()) {
    const auto number = heap().HostNumber(heap_ref);
    if (!number) return Fail(objects_.PanicValue());
    ref = {RefKind::Host, *number};
  } else if (!heap_ref.is_null()) {
    uint8_t* object = heap().Deref(heap_ref);
    if (object == nullptr) return Fail(objects_.PanicValue());
    constexpr RefKind kKinds[] = {RefKind::Struct, RefKind::Array, RefKind::Exn, RefKind::Exn};
    ref = {kKinds[heap::Heap::HeaderOf(object).kind], handles_.Add(heap_ref)};
  }
  return machine::Value::Reference(type, ref);
}

uint64_t Vm::ToWord(const machine::Ref& ref) {
  switch (ref.kind) {
    case machine::RefKind::Null:
      return 0;
    case machine::RefKind::I31:
      return heap::Ref::I31(ref.payload).word();
    case machine::RefKind::Func:
      return uint64_t{ref.payload} + 1;
    case machine::RefKind::Host:
      return heap().hosts().Intern(ref.payload).word();
    case machine::RefKind::Struct:
    case machine::RefKind::Array:
    case machine::RefKind::Exn:
      return handles_.At(ref.payload).word();
  }
  UNREACHABLE();
}

uint64_t Vm::ToWord(const machine::Value& value) {
  if (value.type.is_vector()) return vectors_.NumberOf(value.vector());
  return value.type.is_ref() ? ToWord(value.ref) : value.bits;
}

bool Vm::MakeVector(wasm::V128 value, uint64_t& word) {
  word = vectors_.NumberOf(value);
  return !vectors_.is_full() || run_.StopExhausted(machine::Resource::Heap);
}

}  // namespace slabhound::exec
