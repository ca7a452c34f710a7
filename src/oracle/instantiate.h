// Instantiation (spec 4.5.4).
#pragma once

#include "oracle/thread.h"

namespace slabhound::oracle {

// Steps (b) to (f) of machine/machine.h, F8: everything but the checks of imports and the start
// function.
// The instance, or why there is none.
Result<ModuleInst*, Step> Instantiate(Thread& thread, const valid::ValidModule& module,
                                      std::span<const machine::Extern> imports);

}  // namespace slabhound::oracle
