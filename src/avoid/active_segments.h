// For engines that do not drop active and declarative segments (spec 4.7.2, instantiation), so that
// instructions can take their contents: these take an empty segment instead, which is what there is
// left of them when code runs.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidActiveSegments(wasm::Module& module);

}  // namespace slabhound::avoid
