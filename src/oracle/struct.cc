// Structures (spec 4.6.4, struct instructions).
#include "oracle/allocation.h"
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using machine::TrapKind;
using wasm::FieldType;
using wasm::Instr;
using wasm::TypeId;

uint64_t PayloadBytes(const std::vector<FieldType>& fields) {
  uint64_t sum = 0;
  for (const FieldType& field : fields) sum += wasm::StorageBytes(field.type);
  return sum;
}

// A struct operand of the type; null: a null reference.
Object* PopStruct(Thread& thread, TypeId type) {
  const Value value = thread.PopRef();
  if (value.is_null()) return nullptr;
  CHECK(value.kind() == ValueKind::Struct && value.top() == wasm::AbstractHeap::Any);
  Object& object = thread.store.At(value);
  CHECK(thread.store.types.IsSubtype(object.type, type));
  return &object;
}

Step Get(Thread& thread, const Instr& instr, Extension extension) {
  const TypeId type = thread.module().Type(instr.a);
  const Object* object = PopStruct(thread, type);
  if (object == nullptr) return Step::Trap(TrapKind::NullStructReference);
  const wasm::StorageType storage = thread.store.StructType(type).fields[instr.b].type;
  thread.Push(Unpack(storage, object->Get(instr.b), extension));
  return Step::Next();
}

}  // namespace

Step StructNew(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const std::vector<FieldType>& fields = thread.store.StructType(type).fields;
  STEP(Admit(thread, {PayloadBytes(fields), 0, Object::Footprint(fields.size(), 0)}));
  Object object{ValueKind::Struct, type, 0, {}, std::vector<Value>(fields.size()), {}};
  for (size_t i = fields.size(); i-- > 0;) {
    object.values[i] = PopField(thread, fields[i].type);
  }
  thread.Push(thread.store.Add(std::move(object)));
  return Step::Next();
}

Step StructNewDefault(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const std::vector<FieldType>& fields = thread.store.StructType(type).fields;
  STEP(Admit(thread, {PayloadBytes(fields), 0, Object::Footprint(fields.size(), 0)}));
  Object object{ValueKind::Struct, type, 0, {}, {}, {}};
  object.values.reserve(fields.size());
  for (const FieldType& field : fields) {
    object.values.push_back(DefaultValue(thread.store, field.type.Unpacked()));
    CHECK(object.values.back().kind() != ValueKind::Unset);
  }
  thread.Push(thread.store.Add(std::move(object)));
  return Step::Next();
}

Step StructGet(Thread& thread, const Instr& instr) { return Get(thread, instr, Extension::None); }
Step StructGetS(Thread& thread, const Instr& instr) {
  return Get(thread, instr, Extension::Signed);
}
Step StructGetU(Thread& thread, const Instr& instr) {
  return Get(thread, instr, Extension::Unsigned);
}

Step StructSet(Thread& thread, const Instr& instr) {
  const TypeId type = thread.module().Type(instr.a);
  const FieldType field = thread.store.StructType(type).fields[instr.b];
  const Value value = PopField(thread, field.type);
  Object* object = PopStruct(thread, type);
  if (object == nullptr) return Step::Trap(TrapKind::NullStructReference);
  CHECK(field.is_mutable);
  object->Set(instr.b, value);
  return Step::Next();
}

}  // namespace slabhound::oracle::rules
