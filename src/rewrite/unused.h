// Dropping what a module does not use, with all indices renumbered.
#pragma once

#include <array>
#include <span>

#include "rewrite/references.h"

namespace slabhound::rewrite {

// Per space (in the order of Space) and index: whether it stays.
using Kept = std::array<std::vector<uint8_t>, kSpaceCount>;

struct UnusedOptions {
  bool split_groups = true;   // an unused type goes even when its recursion group stays
  bool drop_segments = true;  // active segments do not keep their table or memory in use
};

struct Entity {
  Space space = Space::Func;
  uint32_t index = 0;
};

// Everything stays.
Kept All(const wasm::Module& module);
// What exports, the start function, segments and the given roots reach.
Kept Reachable(const wasm::Module& module, const UnusedOptions& options,
               std::span<const Entity> roots = {});

// The module without what is not kept. Declarative segments shrink to the functions that stay.
// Requires: what stays refers only to what stays.
wasm::Module KeepOnly(const wasm::Module& module, const Kept& kept);

}  // namespace slabhound::rewrite
