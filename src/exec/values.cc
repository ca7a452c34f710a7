// The Vm's values at the boundary: words inside, handles and numbers outside.
#include "base/check.h"
#include "exec/vm.h"

namespace slabhound::exec {

Result<embed::Value, embed::Panic> Vm::ToValue(uint64_t word, wasm::ValType type) {
  using embed::RefKind;
  if (!type.is_ref()) return embed::Value{type, word, {}};
  embed::Ref ref;
  if (!heap::IsTraced(types_, type)) {
    if (word != 0) {
      const auto address = FunctionOf(word);
      if (!address) {
        run_.ClearStop();
        return Fail(objects_.PanicValue());
      }
      ref = {RefKind::Func, *address};
    }
    return embed::Value::Reference(type, ref);
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
  return embed::Value::Reference(type, ref);
}

uint64_t Vm::ToWord(const embed::Ref& ref) {
  switch (ref.kind) {
    case embed::RefKind::Null:
      return 0;
    case embed::RefKind::I31:
      return heap::Ref::I31(ref.payload).word();
    case embed::RefKind::Func:
      return uint64_t{ref.payload} + 1;
    case embed::RefKind::Host:
      return heap().hosts().Intern(ref.payload).word();
    case embed::RefKind::Struct:
    case embed::RefKind::Array:
    case embed::RefKind::Exn:
      return handles_.At(ref.payload).word();
  }
  UNREACHABLE();
}

uint64_t Vm::ToWord(const embed::Value& value) {
  return value.type.is_ref() ? ToWord(value.ref) : value.bits;
}

}  // namespace slabhound::exec
