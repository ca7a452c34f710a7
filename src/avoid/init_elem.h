// For engines in which array.init_elem copies from the segment's start whatever its offset says
// (spec 4.6.9): the elements go through an array of their own.
//
// The instruction becomes array.copy of the destination onto itself, which checks it and changes
// nothing, array.new_elem, which checks the segment, and array.copy. That is one allocation more,
// and nothing sees the object.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidInitElem(wasm::Module& module);

}  // namespace slabhound::avoid
