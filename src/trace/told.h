// A value as traces tell it: what any engine can show of it, never an address or a handle.
#pragma once

#include <cstdint>
#include <string>

#include "wasm/types.h"
#include "wasm/vector.h"

namespace slabhound::trace {

enum class ToldKind : uint8_t {
  I32,
  I64,
  F32,
  F64,
  Null,
  I31,
  Func,        // by its number
  FuncOfType,  // one that cannot be asked for it, by its canonical type
  Host,        // a host object, by its number
  Object,      // of a walk of its own: the walk's hash
  Root,        // of a larger walk: its number there
  Cut,         // of a larger walk: beyond its bounds
  V128
};

struct Told {
  ToldKind kind = ToldKind::Null;
  uint64_t bits = 0;  // I32 and F32 in the low half
  uint64_t high = 0;  // V128: its upper half, `bits` is the lower one
  friend bool operator==(const Told&, const Told&) = default;
};

Told ToldNumber(wasm::ValType type, uint64_t bits);
Told ToldVector(wasm::V128 vector);
// By its word in a walk (log.h).
Told ToldFunction(uint64_t word);

// For people: "i32 5", "f64 0x…", "v128 0x…", "null", "i31 3", "func 2", "func of type 3",
// "host 1", "object HASH", "object #2", "object beyond the walk".
std::string ToldText(const Told& told);

}  // namespace slabhound::trace
