#include "oracle/store.h"

namespace slabhound::oracle {

using wasm::AbstractHeap;
using wasm::HeapType;
using wasm::TypeKind;
using wasm::ValType;

namespace {

HeapType Concrete(wasm::TypeId type) { return HeapType::Index(static_cast<uint32_t>(type)); }

// The most precise heap type of a reference that is not null.
HeapType HeapTypeOf(const Store& store, const Value& value) {
  if (value.top() == AbstractHeap::Extern) return AbstractHeap::Extern;
  switch (value.kind()) {
    case ValueKind::I31:
      return AbstractHeap::I31;
    case ValueKind::Func:
      return Concrete(store.functions[value.payload()].type);
    case ValueKind::Host:
      return AbstractHeap::Any;
    case ValueKind::Struct:
    case ValueKind::Array:
      return Concrete(store.objects[value.payload()].type);
    case ValueKind::Exn:
      return AbstractHeap::Exn;
    case ValueKind::Unset:
    case ValueKind::I32:
    case ValueKind::I64:
    case ValueKind::F32:
    case ValueKind::F64:
    case ValueKind::V128:
    case ValueKind::Null:
      break;
  }
  UNREACHABLE();
}

}  // namespace

const std::vector<uint32_t>& ModuleInst::Addresses(wasm::ExternKind kind) const {
  switch (kind) {
    case wasm::ExternKind::Func:
      return functions;
    case wasm::ExternKind::Table:
      return tables;
    case wasm::ExternKind::Memory:
      return memories;
    case wasm::ExternKind::Global:
      return globals;
    case wasm::ExternKind::Tag:
      return tags;
  }
  UNREACHABLE();
}

Object& Store::At(const Value& value) {
  CHECK(value.kind() >= ValueKind::Struct);
  Object& object = objects[value.payload()];
  CHECK(object.kind == value.kind());
  return object;
}

Value Store::Add(Object object) {
  const auto top = object.kind == ValueKind::Exn ? AbstractHeap::Exn : AbstractHeap::Any;
  const auto number = static_cast<uint32_t>(objects.size());
  const ValueKind kind = object.kind;
  objects.push_back(std::move(object));
  return Value::Reference(kind, top, number);
}

bool Store::TakeFuel(uint64_t cost) {
  const bool enough = fuel >= cost;
  fuel = enough ? fuel - cost : 0;
  return enough;
}

machine::TableAddr Store::AddTable(const wasm::TableType& type, const Value& init) {
  CHECK(MayGrowTable(0, type.limits.min));
  CHECK(HasType(*this, init, type.element));
  table_elements += type.limits.min;
  tables.push_back({type, std::vector<Value>(type.limits.min, init)});
  return static_cast<uint32_t>(tables.size() - 1);
}

machine::MemoryAddr Store::AddMemory(const wasm::MemoryType& type) {
  CHECK(MayGrowMemory(0, type.limits.min));
  memory_pages += type.limits.min;
  memories.push_back({type, machine::LinearMemory(type.limits.min * kPageBytes)});
  return static_cast<uint32_t>(memories.size() - 1);
}

bool Store::MayGrowTable(uint64_t size, uint64_t more) const {
  return size <= limits.table_elements_max && more <= limits.table_elements_max - size &&
         more <= limits.table_elements_total_max - table_elements;
}

bool Store::MayGrowMemory(uint64_t pages, uint64_t more) const {
  return pages <= limits.memory_pages_max && more <= limits.memory_pages_max - pages &&
         more <= limits.memory_pages_total_max - memory_pages;
}

bool HasType(const Store& store, const Value& value, ValType type) {
  switch (type.kind()) {
    case TypeKind::I32:
      return value.kind() == ValueKind::I32;
    case TypeKind::I64:
      return value.kind() == ValueKind::I64;
    case TypeKind::F32:
      return value.kind() == ValueKind::F32;
    case TypeKind::F64:
      return value.kind() == ValueKind::F64;
    case TypeKind::V128:
      return value.kind() == ValueKind::V128;
    case TypeKind::Ref:
      if (!value.is_ref() || value.top() != store.types.Top(type.heap())) return false;
      if (value.is_null()) return type.nullable();
      return store.types.IsSubtype(HeapTypeOf(store, value), type.heap());
    default:
      UNREACHABLE();  // no type of a value
  }
}

Value DefaultValue(const Store& store, ValType type) {
  switch (type.kind()) {
    case TypeKind::I32:
      return Value::Number(uint32_t{0});
    case TypeKind::I64:
      return Value::Number(uint64_t{0});
    case TypeKind::F32:
      return Value::Number(0.0f);
    case TypeKind::F64:
      return Value::Number(0.0);
    case TypeKind::V128:
      return Value::Number(wasm::V128{});
    case TypeKind::Ref:
      return type.nullable() ? Value::Null(store.types.Top(type.heap())) : Value();
    default:
      UNREACHABLE();  // no type of a value
  }
}

}  // namespace slabhound::oracle
