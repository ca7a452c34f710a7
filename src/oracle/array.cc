// Arrays (spec 4.6.4, array instructions).
#include "oracle/allocation.h"
#include "oracle/range.h"
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using machine::TrapKind;
using wasm::Instr;
using wasm::StorageBytes;
using wasm::StorageType;
using wasm::TypeId;

StorageType ElementType(Thread& thread, TypeId type) {
  return thread.store.ArrayType(type).element.type;
}

// An array of `length` elements, zero or unset; the limits were not asked yet.
Result<Object, Step> Make(Thread& thread, TypeId type, uint32_t length) {
  const StorageType element = ElementType(thread, type);
  const uint64_t payload = uint64_t{length} * StorageBytes(element);
  const uint64_t values = element.is_ref() ? length : 0, bytes = element.is_ref() ? 0 : payload;
  const Step admitted = Admit(thread, {payload, length, Object::Footprint(values, bytes)});
  if (!admitted.is_next()) return Fail(admitted);
  return Object{ValueKind::Array, type, 0, element, std::vector<Value>(values), Bytes(bytes)};
}

Step PushNew(Thread& thread, Object object) {
  thread.Push(thread.store.Add(std::move(object)));
  return Step::Next();
}

void Fill(Object& array, uint32_t from, uint32_t count, const Value& value) {
  for (uint32_t i = 0; i < count; ++i) array.Set(from + i, value);
}

// An array operand of the type; null: a null reference.
Object* PopArray(Thread& thread, TypeId type) {
  const Value value = thread.PopRef();
  if (value.is_null()) return nullptr;
  CHECK(value.kind() == ValueKind::Array && value.top() == wasm::AbstractHeap::Any);
  Object& object = thread.store.At(value);
  CHECK(thread.store.types.IsSubtype(object.type, type));
  return &object;
}

// Element `i` of the segment's bytes from `from` on goes to array element to + i.
void CopyData(Object& array, uint64_t to, ByteSpan data, uint64_t count) {
  if (count == 0) return;
  const size_t width = StorageBytes(array.element);
  std::memcpy(&array.bytes[to * width], data.data(), count * width);
}

void CopyItems(Thread& thread, Object& array, uint64_t to, std::span<const Value> items) {
  for (size_t i = 0; i < items.size(); ++i) {
    CHECK(HasType(thread.store, items[i], array.element));
    array.values[to + i] = items[i];
  }
}

Step Get(Thread& thread, const Instr& instr, Extension extension) {
  const uint32_t index = thread.Pop<uint32_t>();
  const Object* array = PopArray(thread, thread.module().Type(instr.a));
  if (array == nullptr) return Step::Trap(TrapKind::NullArrayReference);
  if (index >= array->Length()) return Step::Trap(TrapKind::ArrayOutOfBounds);
  thread.Push(Unpack(array->element, array->Get(index), extension));
  return Step::Next();
}

}  // namespace

Step ArrayNew(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const uint32_t length = thread.Pop<uint32_t>();
  const Value value = PopField(thread, ElementType(thread, type));
  auto array = Make(thread, type, length);
  if (!array) return array.error();
  Fill(*array, 0, length, value);
  return PushNew(thread, *std::move(array));
}

Step ArrayNewDefault(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const uint32_t length = thread.Pop<uint32_t>();
  const Value value = DefaultValue(thread.store, ElementType(thread, type).Unpacked());
  CHECK(value.kind() != ValueKind::Unset);
  auto array = Make(thread, type, length);
  if (!array) return array.error();
  if (value.is_ref()) Fill(*array, 0, length, value);
  return PushNew(thread, *std::move(array));
}

Step ArrayNewFixed(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  auto array = Make(thread, type, instr.b);
  if (!array) return array.error();
  for (uint32_t i = instr.b; i-- > 0;) array->Set(i, PopField(thread, array->element));
  return PushNew(thread, *std::move(array));
}

Step ArrayNewData(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const ByteSpan data = thread.module().datas[instr.b].bytes;
  const uint32_t count = thread.Pop<uint32_t>();
  const uint32_t from = thread.Pop<uint32_t>();
  const uint64_t bytes = uint64_t{count} * StorageBytes(ElementType(thread, type));
  if (!InBounds(from, bytes, data.size())) return Step::Trap(TrapKind::MemoryOutOfBounds);
  auto array = Make(thread, type, count);
  if (!array) return array.error();
  CopyData(*array, 0, data.subspan(from), count);
  return PushNew(thread, *std::move(array));
}

Step ArrayNewElem(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const std::span<const Value> items = thread.module().elems[instr.b].values;
  const uint32_t count = thread.Pop<uint32_t>();
  const uint32_t from = thread.Pop<uint32_t>();
  if (!InBounds(from, count, items.size())) return Step::Trap(TrapKind::TableOutOfBounds);
  auto array = Make(thread, type, count);
  if (!array) return array.error();
  CopyItems(thread, *array, 0, items.subspan(from, count));
  return PushNew(thread, *std::move(array));
}

Step ArrayGet(Thread& thread, const Instr& instr) { return Get(thread, instr, Extension::None); }
Step ArrayGetS(Thread& thread, const Instr& instr) { return Get(thread, instr, Extension::Signed); }
Step ArrayGetU(Thread& thread, const Instr& instr) {
  return Get(thread, instr, Extension::Unsigned);
}

Step ArraySet(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const Value value = PopField(thread, ElementType(thread, type));
  const uint32_t index = thread.Pop<uint32_t>();
  Object* array = PopArray(thread, type);
  if (array == nullptr) return Step::Trap(TrapKind::NullArrayReference);
  if (index >= array->Length()) return Step::Trap(TrapKind::ArrayOutOfBounds);
  array->Set(index, value);
  return Step::Next();
}

Step ArrayLen(Thread& thread, const Instr&) {
  const Value value = thread.PopRef();
  if (value.is_null()) return Step::Trap(TrapKind::NullArrayReference);
  CHECK(value.kind() == ValueKind::Array);
  return thread.PushNumber(thread.store.At(value).Length());
}

Step ArrayFill(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const uint32_t count = thread.Pop<uint32_t>();
  const Value value = PopField(thread, ElementType(thread, type));
  const uint32_t to = thread.Pop<uint32_t>();
  Object* array = PopArray(thread, type);
  if (array == nullptr) return Step::Trap(TrapKind::NullArrayReference);
  if (!InBounds(to, count, array->Length())) return Step::Trap(TrapKind::ArrayOutOfBounds);
  STEP(thread.TakeBulkFuel(count));
  Fill(*array, to, count, value);
  return Step::Next();
}

Step ArrayCopy(Thread& thread, const Instr& instr) {
  const uint32_t count = thread.Pop<uint32_t>();
  const uint32_t from = thread.Pop<uint32_t>();
  const Object* source = PopArray(thread, thread.module().Type(instr.b));
  const uint32_t to = thread.Pop<uint32_t>();
  Object* target = PopArray(thread, thread.module().Type(instr.a));
  if (target == nullptr || source == nullptr) return Step::Trap(TrapKind::NullArrayReference);
  if (!InBounds(to, count, target->Length()) || !InBounds(from, count, source->Length())) {
    return Step::Trap(TrapKind::ArrayOutOfBounds);
  }
  STEP(thread.TakeBulkFuel(count));
  target->Copy(to, *source, from, count);
  return Step::Next();
}

Step ArrayInitData(Thread& thread, const Instr& instr) {
  const ByteSpan data = thread.module().datas[instr.b].bytes;
  const auto [to, from, count] = thread.PopCopying(false, false);
  Object* array = PopArray(thread, thread.module().Type(instr.a));
  if (array == nullptr) return Step::Trap(TrapKind::NullArrayReference);
  if (!InBounds(to, count, array->Length())) return Step::Trap(TrapKind::ArrayOutOfBounds);
  const uint64_t bytes = count * StorageBytes(array->element);
  if (!InBounds(from, bytes, data.size())) return Step::Trap(TrapKind::MemoryOutOfBounds);
  STEP(thread.TakeBulkFuel(count));
  CopyData(*array, to, data.subspan(from), count);
  return Step::Next();
}

Step ArrayInitElem(Thread& thread, const Instr& instr) {
  const std::span<const Value> items = thread.module().elems[instr.b].values;
  const auto [to, from, count] = thread.PopCopying(false, false);
  Object* array = PopArray(thread, thread.module().Type(instr.a));
  if (array == nullptr) return Step::Trap(TrapKind::NullArrayReference);
  if (!InBounds(to, count, array->Length())) return Step::Trap(TrapKind::ArrayOutOfBounds);
  if (!InBounds(from, count, items.size())) return Step::Trap(TrapKind::TableOutOfBounds);
  STEP(thread.TakeBulkFuel(count));
  CopyItems(thread, *array, to, items.subspan(from, count));
  return Step::Next();
}

}  // namespace slabhound::oracle::rules
