// The subtype relation as the slab engine's casts and checks ask for it, which faults bend. Types
// themselves are shared with the oracle and stay right.
#pragma once

#include "heap/active_fault.h"
#include "wasm/type_store.h"

namespace slabhound::exec {

// For a build with faults (faulty_subtype.cc).
bool IsFaultySubtype(const wasm::TypeStore& types, heap::Fault fault, wasm::TypeId a,
                     wasm::TypeId b);

inline bool IsSubtype(const wasm::TypeStore& types, [[maybe_unused]] heap::Fault fault,
                      wasm::TypeId a, wasm::TypeId b) {
  if constexpr (SLABHOUND_FAULTS != 0) return IsFaultySubtype(types, fault, a, b);
  return types.IsSubtype(a, b);
}

}  // namespace slabhound::exec
