// For engines that evaluate the expressions of an element segment each time it is used (spec 4.7.2:
// once): each expression that makes an object becomes an immutable global, and the item reads it.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidSegmentValues(wasm::Module& module);

}  // namespace slabhound::avoid
