// For engines in which f32.convert_i64_u rounds wrongly from 2^63 on (spec 4.3.4, convert_u): such
// a number is halved, with its lowest bit kept for the rounding, converted as a signed one and
// doubled.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidConvertUnsigned(wasm::Module& module);

}  // namespace slabhound::avoid
