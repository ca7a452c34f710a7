// Endless loops made finite, so that a regression file can say how a call ends.
#pragma once

#include "wasm/module.h"

namespace slabhound::rewrite {

// The module with a counter that starts at `turns`: each arrival at a loop header and each entry
// of a function takes one, and traps as unreachable when there is none left. A call that needs
// more turns than the module's others ends so.
wasm::Module Bounded(const wasm::Module& module, uint32_t turns);

}  // namespace slabhound::rewrite
