// Legacy exception handling (try, catch, catch_all, delegate, rethrow) as try_table and throw_ref,
// so that every engine runs a module that has it.
//
// 1. A run does the same: what is caught where, with which payload; `rethrow` throws the very
//    exception that its clause caught, `delegate` hands one on to the clauses that its label means.
// 2. Fuel and depth stay as they are (no loop, no call is added); a function's weight grows.
// 3. Indices of all spaces stay; types and locals may be added behind the others.
#pragma once

#include "wasm/module.h"

namespace slabhound::rewrite {

bool HasLegacyExceptions(const wasm::Module& module);

// Requires: valid.
void LowerLegacyExceptions(wasm::Module& module);

}  // namespace slabhound::rewrite
