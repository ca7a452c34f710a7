// Whether a regression file is worth its place: right engines pass it, the suspect does not.
#pragma once

#include "engine/spec.h"
#include "regression/regression.h"

namespace slabhound::regression {

// The error says what the script lacks: it fails on the oracle, or the suspect passes it, since
// the difference is in what no script can ask for. An engine behind a worker is not asked.
Result<void, RegressionError> CheckRegression(const Regression& regression,
                                              const engine::EngineSpec& suspect);

}  // namespace slabhound::regression
