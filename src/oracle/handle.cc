#include "oracle/handle.h"

namespace slabhound::oracle {
namespace {

using machine::RefKind;
using wasm::TypeKind;
using wasm::ValType;

constexpr uint32_t kI31Mask = 0x7fff'ffff;

RefKind RefKindOf(ValueKind kind) {
  switch (kind) {
    case ValueKind::Null:
      return RefKind::Null;
    case ValueKind::I31:
      return RefKind::I31;
    case ValueKind::Func:
      return RefKind::Func;
    case ValueKind::Host:
      return RefKind::Host;
    case ValueKind::Struct:
      return RefKind::Struct;
    case ValueKind::Array:
      return RefKind::Array;
    case ValueKind::Exn:
      return RefKind::Exn;
    case ValueKind::Unset:
    case ValueKind::I32:
    case ValueKind::I64:
    case ValueKind::F32:
    case ValueKind::F64:
    case ValueKind::V128:
      break;
  }
  UNREACHABLE();
}

}  // namespace

void Handles::Release(size_t mark) {
  CHECK(mark <= held_.size());
  held_.resize(mark);
}

uint32_t Handles::ObjectOf(machine::Ref handle) const {
  CHECK(handle.payload < held_.size());
  const uint32_t number = held_[handle.payload];
  CHECK(RefKindOf(store_.objects[number].kind) == handle.kind);
  return number;
}

machine::Ref Handles::Out(const Value& reference) {
  const RefKind kind = RefKindOf(reference.kind());
  if (kind < RefKind::Struct) return {kind, reference.payload()};
  held_.push_back(reference.payload());
  return {kind, static_cast<uint32_t>(held_.size() - 1)};
}

machine::Value Handles::Out(const Value& value, ValType type) {
  CHECK(HasType(store_, value, type));
  if (value.is_ref()) return machine::Value::Reference(type, Out(value));
  if (type.is_vector()) return machine::Value::Vector(value.As<wasm::V128>());
  return {type, value.bits(), {}};
}

Value Handles::In(machine::Ref reference, ValType type) const {
  const wasm::AbstractHeap top = store_.types.Top(type.heap());
  const auto make = [&](ValueKind kind, uint32_t payload) {
    const Value value = Value::Reference(kind, top, payload);
    CHECK(HasType(store_, value, type));
    return value;
  };
  switch (reference.kind) {
    case RefKind::Null:
      return make(ValueKind::Null, 0);
    case RefKind::I31:
      return make(ValueKind::I31, reference.payload & kI31Mask);
    case RefKind::Func:
      CHECK(reference.payload < store_.functions.size());
      return make(ValueKind::Func, reference.payload);
    case RefKind::Host:
      return make(ValueKind::Host, reference.payload);
    case RefKind::Struct:
      return make(ValueKind::Struct, ObjectOf(reference));
    case RefKind::Array:
      return make(ValueKind::Array, ObjectOf(reference));
    case RefKind::Exn:
      return make(ValueKind::Exn, ObjectOf(reference));
  }
  UNREACHABLE();
}

Value Handles::In(const machine::Value& value, ValType type) const {
  CHECK(value.type.kind() == type.kind());
  switch (type.kind()) {
    case TypeKind::I32:
      return Value::Number(static_cast<uint32_t>(value.bits));
    case TypeKind::I64:
      return Value::Number(value.bits);
    case TypeKind::F32:
      return Value::Number(std::bit_cast<float>(static_cast<uint32_t>(value.bits)));
    case TypeKind::F64:
      return Value::Number(std::bit_cast<double>(value.bits));
    case TypeKind::V128:
      return Value::Number(value.vector());
    case TypeKind::Ref:
      return In(value.ref, type);
    default:
      UNREACHABLE();  // no type of a value
  }
}

}  // namespace slabhound::oracle
