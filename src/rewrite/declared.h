// Functions that code may name in ref.func (spec 3.5.15): those that exports, initializers or
// segments name too.
#pragma once

#include <cstdint>
#include <set>

#include "wasm/module.h"

namespace slabhound::rewrite {

std::set<uint32_t> DeclaredFunctions(const wasm::Module& module);

// Adds those that code names and nothing declares to a declarative segment, which comes last if it
// is a new one.
void DeclareMissing(wasm::Module& module);

}  // namespace slabhound::rewrite
