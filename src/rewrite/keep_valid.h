// For rewrites that may come out invalid in some function.
#pragma once

#include "wasm/module.h"

namespace slabhound::rewrite {

// Takes over the functions of `made`, which is `module` but for functions that were rewritten: all
// of them, or those with which the module is valid. Whether there are any. Requires: `module` is
// valid.
bool TakeValidFunctions(wasm::Module& module, const wasm::Module& made);

}  // namespace slabhound::rewrite
