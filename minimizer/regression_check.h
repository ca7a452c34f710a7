// Whether a regression file is worth its place: right engines pass it, the suspect does not.
#pragma once

#include "diff/engine.h"
#include "minimizer/regression.h"

namespace slabhound::minimizer {

// The error says what the script lacks: it fails on the oracle, or the suspect passes it, since
// the difference is in what no script can ask for. An engine behind a worker is not asked.
Result<void, RegressionError> CheckRegression(const Regression& regression,
                                              const diff::EngineSpec& suspect);

}  // namespace slabhound::minimizer
