// Dropping what a module does not use, with all indices renumbered.
#pragma once

#include <array>

#include "rewrite/references.h"

namespace slabhound::rewrite {

// Per space (in the order of Space) and index: whether it stays.
using Kept = std::array<std::vector<uint8_t>, kSpaceCount>;

struct UnusedOptions {
  bool split_groups = true;   // an unused type goes even when its recursion group stays
  bool drop_segments = true;  // active segments do not keep their table or memory in use
};

// What exports, the start function and segments reach.
Kept Reachable(const wasm::Module& module, const UnusedOptions& options);

// The module without what is not kept. Declarative segments shrink to the functions that stay.
// Requires: what stays refers only to what stays.
wasm::Module KeepOnly(const wasm::Module& module, const Kept& kept);

}  // namespace slabhound::rewrite
