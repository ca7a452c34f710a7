#include "regression/check.h"

#include <fmt/format.h>

#include "diff/dispatch.h"
#include "script/runner.h"

namespace slabhound::regression {
namespace {

// The first failure of a run, if any.
std::optional<script::Failure> FirstFailure(const script::Script& script,
                                            const engine::EngineSpec& engine) {
  wasm::TypeStore types;
  const auto machine = diff::MakeMachine(engine, types, script::ScriptLimits());
  const script::Report report = script::RunScript(script, *machine);
  if (report.failures.empty()) return std::nullopt;
  return report.failures.front();
}

}  // namespace

Result<void, RegressionError> CheckRegression(const Regression& regression,
                                              const engine::EngineSpec& suspect) {
  const auto script = script::ReadScript(regression.script);
  if (!script) {
    return Fail(RegressionError{"the script cannot be read: " + script.error().Message()});
  }
  if (const auto failure = FirstFailure(*script, engine::EngineSpec{})) {
    return Fail(RegressionError{fmt::format("the script fails on the oracle at line {}: {}",
                                            failure->line, failure->message)});
  }
  if (engine::InProcess(suspect) && !FirstFailure(*script, suspect)) {
    return Fail(RegressionError{
        fmt::format("the script does not show it on {}: the difference is in the final state, or "
                    "in calls that do not end",
                    engine::EngineText(suspect))});
  }
  return {};
}

}  // namespace slabhound::regression
