#include "regression/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "diff/dispatch.h"
#include "episode/run.h"
#include "regression/script_engines.h"
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

// In workers that ran before, then in fresh ones, as a command has them.
Result<bool, RegressionError> FailsBehindWorker(const script::Script& script,
                                                const engine::EngineSpec& engine,
                                                const std::shared_ptr<worker::Pool>& workers) {
  for (const auto& pool : {workers, std::make_shared<worker::Pool>(workers->limits())}) {
    auto run = episode::EngineRun::Start(engine, pool, /*believes_timeouts=*/true);
    if (!run) return Fail(RegressionError{run.error()});
    if (run->Run(script, "").failed.empty()) return false;
  }
  return true;
}

}  // namespace

Result<std::optional<engine::EngineSpec>, RegressionError> CheckRegression(
    const Regression& regression, const engine::EngineSpec& suspect,
    const std::shared_ptr<worker::Pool>& workers) {
  const auto script = script::ReadScript(regression.script);
  if (!script) {
    return Fail(RegressionError{"the script cannot be read: " + script.error().Message()});
  }
  if (const auto failure = FirstFailure(*script, engine::EngineSpec{})) {
    return Fail(RegressionError{fmt::format("the script fails on the oracle at line {}: {}",
                                            failure->line, failure->message)});
  }
  const bool in_process = engine::InProcess(suspect);
  const auto engines = ScriptEngines(suspect, regression.collects);
  if (engines.empty() || (!in_process && workers == nullptr)) return std::nullopt;
  std::vector<std::string> texts;
  for (const engine::EngineSpec& engine : engines) {
    bool fails = false;
    if (in_process) {
      fails = FirstFailure(*script, engine).has_value();
    } else {
      TRY_ASSIGN(fails, FailsBehindWorker(*script, engine, workers));
    }
    if (fails) return engine;
    texts.push_back(engine::EngineText(engine));
  }
  return Fail(
      RegressionError{fmt::format("the script does not show it on {}", fmt::join(texts, ", "))});
}

}  // namespace slabhound::regression
