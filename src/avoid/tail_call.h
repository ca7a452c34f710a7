// For engines in which a tail call leaves operands of its frame on the stack, or fails where the
// function has locals (spec 4.6.2, return_call): it becomes a call and a return.
//
// A tail call inside of try_table stays: what its callee throws must not be caught there. Portable
// forms count depth themselves, tail calls as what they were; a long chain of such calls may need
// more stack than the engine has, which is a limit of the engine.
#pragma once

#include "wasm/module.h"

namespace slabhound::avoid {

bool AvoidTailCall(wasm::Module& module);

}  // namespace slabhound::avoid
