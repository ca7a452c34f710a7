// What struct and array rules share: admission to the heap, and fields on the stack.
#pragma once

#include "oracle/thread.h"

namespace slabhound::oracle {

struct AllocationSize {
  uint64_t payload;    // bytes as machine/machine.h, F6 counts them
  uint64_t units;      // elements, for fuel (F3)
  uint64_t footprint;  // bytes it takes here
};

// The object's size, then fuel, then the heap (machine/machine.h, F1).
Step Admit(Thread& thread, const AllocationSize& size);

// A field's or element's value from the stack, packed as the storage type says.
Value PopField(Thread& thread, wasm::StorageType type);

enum class Extension : uint8_t { None, Signed, Unsigned };

// Spec 4.6.9, unpackfield. Requires: an extension exactly where the type is packed.
Value Unpack(wasm::StorageType type, const Value& value, Extension extension);

}  // namespace slabhound::oracle
