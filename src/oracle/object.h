// Structs, arrays and exceptions: what the store keeps for ever (spec 4.2.13 to 4.2.15).
//
// 1. A struct's fields, an exception's payload and an array of references are Values; an array of
//    numbers or vectors is bytes, little-endian, as wide as its storage type.
// 2. A packed field reads zero-extended.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "machine/machine.h"
#include "oracle/value.h"
#include "wasm/type_store.h"

namespace slabhound::oracle {

struct Object {
  ValueKind kind = ValueKind::Struct;  // Struct, Array or Exn
  wasm::TypeId type{};                 // Struct, Array
  machine::TagAddr tag = 0;            // Exn
  wasm::StorageType element;           // Array
  std::vector<Value> values;
  Bytes bytes;

  uint32_t Length() const;  // fields, elements or payload values
  Value Get(uint32_t index) const;
  void Set(uint32_t index, const Value& value);

  // Array: copies `count` elements from `source`, which may be this very object.
  // Requires: both ranges in bounds, equal element storage.
  void Copy(uint32_t to, const Object& source, uint32_t from, uint32_t count);

  // Bytes it takes from heap_bytes_max.
  static uint64_t Footprint(uint64_t values, uint64_t bytes);
};

// The value as a field of this storage type holds it: packed types keep their low bits (spec
// 4.6.9, packfield).
Value Pack(wasm::StorageType type, const Value& value);

// A number out of its little-endian bytes; packed types are zero-extended to i32.
Value LoadNumber(wasm::StorageType type, const uint8_t* from);

}  // namespace slabhound::oracle
