// The census of a machine (gc/census.h): full collections, and what they should have left.
//
// 1. Its roots are found here once more, past Vm::VisitRoots: globals, tables, element segments,
//    handles, and the exception on its way. Frames there are none.
// 2. Where minor collections promise more than full ones would show, as counts do before a trace
//    repairs them, one comes first and is held against that.
// 3. Where nothing may be collected there is nothing to say, and an unchecked engine says nothing.
#pragma once

#include "exec/vm.h"

namespace slabhound::exec {

// Requires: no call is under way.
Result<void, machine::Panic> TakeCensus(Vm& vm);

}  // namespace slabhound::exec
