// For engines in which ref.cast to extern loses the reference (spec 4.6.9, ref.cast): every
// external reference is of that type, so that only a null is looked for, and meets a cast to (ref
// any).
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidExternCast(wasm::Module& module);

}  // namespace slabhound::avoid
