#include "oracle/object.h"

#include <algorithm>

namespace slabhound::oracle {

// What a value takes from heap_bytes_max: its kind and 64 bits.
static constexpr uint64_t kValueBytes = 16;

using wasm::StorageBytes;
using wasm::StorageType;
using wasm::TypeKind;

uint32_t Object::Length() const {
  const bool packs = kind == ValueKind::Array && !element.is_ref();
  return static_cast<uint32_t>(packs ? bytes.size() / StorageBytes(element) : values.size());
}

Value Object::Get(uint32_t index) const {
  CHECK(index < Length());
  if (kind != ValueKind::Array || element.is_ref()) return values[index];
  return LoadNumber(element, &bytes[size_t{index} * StorageBytes(element)]);
}

void Object::Set(uint32_t index, const Value& value) {
  CHECK(index < Length());
  if (kind != ValueKind::Array || element.is_ref()) {
    values[index] = value;
    return;
  }
  uint8_t* to = &bytes[size_t{index} * StorageBytes(element)];
  if (element.is_vector()) return StoreLittle(to, value.As<wasm::V128>());
  const uint64_t bits = value.bits();
  std::memcpy(to, &bits, StorageBytes(element));
}

void Object::Copy(uint32_t to, const Object& source, uint32_t from, uint32_t count) {
  CHECK(kind == ValueKind::Array && source.kind == ValueKind::Array);
  CHECK(uint64_t{to} + count <= Length() && uint64_t{from} + count <= source.Length());
  if (count == 0) return;
  if (element.is_ref()) {
    CHECK(source.element.is_ref());
    const auto first = source.values.begin() + from;
    if (to <= from) {
      std::copy(first, first + count, values.begin() + to);
    } else {
      std::copy_backward(first, first + count, values.begin() + to + count);
    }
    return;
  }
  CHECK(element == source.element);
  const size_t width = StorageBytes(element);
  std::memmove(&bytes[to * width], &source.bytes[from * width], count * width);
}

uint64_t Object::Footprint(uint64_t values, uint64_t bytes) {
  return sizeof(Object) + values * kValueBytes + bytes;
}

Value Pack(StorageType type, const Value& value) {
  if (type.kind() == TypeKind::I8) return Value::Number(value.As<uint32_t>() & 0xff);
  if (type.kind() == TypeKind::I16) return Value::Number(value.As<uint32_t>() & 0xffff);
  return value;
}

Value LoadNumber(StorageType type, const uint8_t* from) {
  switch (type.kind()) {
    case TypeKind::I8:
      return Value::Number(uint32_t{*from});
    case TypeKind::I16:
      return Value::Number(uint32_t{LoadLittle<uint16_t>(from)});
    case TypeKind::I32:
      return Value::Number(LoadLittle<uint32_t>(from));
    case TypeKind::I64:
      return Value::Number(LoadLittle<uint64_t>(from));
    case TypeKind::F32:
      return Value::Number(LoadLittle<float>(from));
    case TypeKind::F64:
      return Value::Number(LoadLittle<double>(from));
    case TypeKind::V128:
      return Value::Number(LoadLittle<wasm::V128>(from));
    case TypeKind::Ref:
    case TypeKind::Bottom:
    case TypeKind::BlockIndex:
    case TypeKind::BlockEmpty:
      break;
  }
  UNREACHABLE();
}

}  // namespace slabhound::oracle
