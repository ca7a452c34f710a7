// Functions that code may name in ref.func (spec 3.5.15, `refs`): those that exports, initializers or
// segments name too.
#pragma once

#include "wasm/module.h"

namespace slabhound::rewrite {

// Adds those that code names and nothing declares to a declarative segment, which comes last if it
// is a new one.
void DeclareMissing(wasm::Module& module);

}  // namespace slabhound::rewrite
