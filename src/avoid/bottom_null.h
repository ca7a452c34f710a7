// For engines in which `none` is not below eq, i31, struct and array (spec 3.3.3): where a value of
// type none is taken as one of these, a null of that type takes its place.
//
// Behind the instruction that leaves a (ref null none), which can only be null, goes `drop` and
// `ref.null` of what is wanted; behind one that leaves a (ref none), which no value has, goes
// ref.as_non_null too. Other values above it go into locals and back.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidBottomNull(wasm::Module& module);

}  // namespace slabhound::avoid
