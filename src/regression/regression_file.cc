#include "regression/regression_file.h"

#include <fmt/format.h>

#include "episode/run.h"
#include "regression/check.h"
#include "regression/self_checking_script.h"
#include "script/script.h"

namespace slabhound::regression {
namespace {

Result<void, RegressionError> CheckBehindWorker(const Regression& regression,
                                                const engine::EngineSpec& engine,
                                                std::shared_ptr<worker::Pool> workers) {
  auto run = episode::EngineRun::Start(engine, std::move(workers));
  if (!run) return Fail(RegressionError{run.error()});
  const auto script = script::ReadScript(regression.script);
  if (!script) return Fail(RegressionError{script.error().Message()});
  if (!run->Run(*script, "").failed.empty()) return {};
  return Fail(RegressionError{
      fmt::format("the script does not show it on {}", engine::EngineText(engine))});
}

Result<Regression, RegressionError> Checked(Result<Regression, RegressionError> regression,
                                            const engine::EngineSpec& suspect,
                                            const std::shared_ptr<worker::Pool>& workers) {
  if (!regression) return regression;
  TRY(CheckRegression(*regression, suspect));
  const auto engine = ScriptEngine(suspect);
  if (engine && !engine::InProcess(suspect)) TRY(CheckBehindWorker(*regression, *engine, workers));
  return regression;
}

}  // namespace

Result<Regression, RegressionError> WriteRegressionFile(const testcase::TestCase& test_case,
                                                        const Provenance& provenance,
                                                        std::shared_ptr<worker::Pool> workers) {
  const engine::EngineSpec& suspect = provenance.suspect;
  auto plain = Checked(WriteRegression(test_case, provenance), suspect, workers);
  if (plain) return plain;
  auto checking = Checked(WriteSelfCheckingScript(test_case, provenance), suspect, workers);
  if (checking) return checking;
  return Fail(RegressionError{fmt::format("with assertions: {}; with self-checking modules: {}",
                                          plain.error().message, checking.error().message)});
}

}  // namespace slabhound::regression
