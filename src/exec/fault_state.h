// What the faults of the interpreter remember: a part of the Vm in a build with faults only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "bytecode/bytecode.h"

namespace slabhound::exec {

struct FaultState {
  // What the cast at an op said of a slot (cast-cache-no-gen).
  std::map<std::pair<const bytecode::Op*, uint64_t>, bool> casts;
  // By a frame's base: what was loaded of an object, seen as a type, from a field
  // (cached-field-load).
  using Place = std::tuple<uint64_t, uint32_t, uint64_t>;
  std::map<size_t, std::map<Place, uint64_t>> loads;
};

}  // namespace slabhound::exec
