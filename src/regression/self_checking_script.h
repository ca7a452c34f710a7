// Regression files of differences that no assertion can ask for: in tables, memories, or objects
// behind references. The self-checking modules of the case (portable/self_checking.h) as a script.
//
// 1. The modules look at everything that a trace tells, and import nothing but what collects
//    (regression.h, 4). What they expect is the oracle's.
// 2. Calls behind the first kSelfCheckingCallsMax are left out.
#pragma once

#include "regression/regression.h"

namespace slabhound::regression {

// Without the comments on its top (provenance.h).
Result<Regression, RegressionError> WriteSelfCheckingScript(const testcase::TestCase& test_case,
                                                            const engine::EngineSpec& suspect);

}  // namespace slabhound::regression
