// Whether a regression file is worth its place: right engines pass it, the suspect does not.
#pragma once

#include <memory>
#include <optional>

#include "engine/spec.h"
#include "regression/regression.h"
#include "worker/pool.h"

namespace slabhound::regression {

// The engine that fails it, one of ScriptEngines (script_engines.h); nothing for a plain command,
// which cannot be asked. The error says what the script lacks: it fails on the oracle, or the
// suspect passes it in all ways. `workers` null: an engine behind a worker is not asked.
Result<std::optional<engine::EngineSpec>, RegressionError> CheckRegression(
    const Regression& regression, const engine::EngineSpec& suspect,
    const std::shared_ptr<worker::Pool>& workers = nullptr);

}  // namespace slabhound::regression
