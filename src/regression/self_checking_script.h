// Regression files of differences that assertions about the case's own module do not show: in
// tables, memories, or objects behind references, and in calls that do not end. The steps of the
// case's portable form as a script (MakeForScripts of portable/portable.h).
//
// 1. Each step, instantiation and the look at the final state among them, is asked how it ended,
//    and for a hash of everything that a trace tells of it. What they should give is the oracle's.
// 2. The module imports nothing but what collects (regression.h, 4).
// 3. A call that the oracle ends at a limit that is not the form's own is left out, as are those
//    behind the first kCheckedCallsMax.
#pragma once

#include "portable/portable.h"
#include "regression/regression.h"

namespace slabhound::regression {

inline constexpr size_t kCheckedCallsMax = 200;

// Without the comments on its top (provenance.h). Of the options the budgets and what concerns
// collections are asked for.
Result<Regression, RegressionError> WriteSelfCheckingScript(
    const testcase::TestCase& test_case, const portable::PortableOptions& options);

}  // namespace slabhound::regression
