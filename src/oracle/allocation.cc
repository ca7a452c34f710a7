#include "oracle/allocation.h"

namespace slabhound::oracle {

Step Admit(Thread& thread, const AllocationSize& size) {
  if (size.payload > thread.store.limits.object_bytes_max) {
    return Step::Exhausted(machine::ResourceOf(size.payload));
  }
  STEP(thread.TakeBulkFuel(size.units));
  return thread.TakeHeap(size.footprint);
}

Value PopField(Thread& thread, wasm::StorageType type) {
  const Value value = thread.Pop();
  CHECK(HasType(thread.store, value, type.Unpacked()));
  return Pack(type, value);
}

Value Unpack(wasm::StorageType type, const Value& value, Extension extension) {
  CHECK(type.is_packed() == (extension != Extension::None));
  if (extension != Extension::Signed) return value;
  const auto bits = value.As<uint32_t>();
  const int32_t extended =
      type == wasm::StorageType::I8 ? static_cast<int8_t>(bits) : static_cast<int16_t>(bits);
  return Value::Number(static_cast<uint32_t>(extended));
}

}  // namespace slabhound::oracle
