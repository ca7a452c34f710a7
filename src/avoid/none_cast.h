// Branches on casts to or from `none`, for engines in which none is not below the other types of
// its hierarchy (bottom_null.cc): whether they are taken is known, or depends on null alone.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

// The result may be invalid where a label takes more than one operand; the caller looks.
bool ReplaceNoneCasts(wasm::Module& module);

}  // namespace slabhound::avoid
