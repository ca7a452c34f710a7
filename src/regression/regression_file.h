// The regression file of a finding: the script that shows it.
//
// 1. It passes on the oracle and fails on the suspect, both were tried, the suspect in the ways of
//    script_engines.h; `fails_on`, and the comments on top, say which. Of an engine without scripts
//    only the first is known.
// 2. Assertions about the case's own module come first (regression/regression.h): they are what a
//    person wants to read. Where they do not show it, the steps of its portable form do
//    (regression/self_checking_script.h).
#pragma once

#include "regression/provenance.h"
#include "regression/regression.h"
#include "worker/pool.h"

namespace slabhound::regression {

// The error says what each of the two lacks.
Result<Regression, RegressionError> WriteRegressionFile(const testcase::TestCase& test_case,
                                                        const Provenance& provenance,
                                                        std::shared_ptr<worker::Pool> workers);

}  // namespace slabhound::regression
