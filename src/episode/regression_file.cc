#include "episode/regression_file.h"

#include <fmt/format.h>

#include "episode/run.h"
#include "minimizer/regression_check.h"
#include "minimizer/self_checking_script.h"
#include "script/script.h"

namespace slabhound::episode {
namespace {

using minimizer::Regression;
using minimizer::RegressionError;

Result<void, RegressionError> CheckBehindWorker(const Regression& regression,
                                                const diff::EngineSpec& engine) {
  auto run = EngineRun::Start(engine);
  if (!run) return Fail(RegressionError{run.error()});
  const auto script = script::ReadScript(regression.script);
  if (!script) return Fail(RegressionError{script.error().Message()});
  if (!run->Run(*script, "").failed.empty()) return {};
  return Fail(
      RegressionError{fmt::format("the script does not show it on {}", diff::EngineText(engine))});
}

Result<Regression, RegressionError> Checked(Result<Regression, RegressionError> regression,
                                            const diff::EngineSpec& suspect) {
  if (!regression) return regression;
  TRY(minimizer::CheckRegression(*regression, suspect));
  const auto engine = minimizer::ScriptEngine(suspect);
  if (engine && !diff::InProcess(suspect)) TRY(CheckBehindWorker(*regression, *engine));
  return regression;
}

}  // namespace

Result<Regression, RegressionError> WriteRegressionFile(const testcase::TestCase& test_case,
                                                        const minimizer::Provenance& provenance) {
  const diff::EngineSpec& suspect = provenance.keep.suspect;
  auto plain = Checked(minimizer::WriteRegression(test_case, provenance), suspect);
  if (plain) return plain;
  auto checking = Checked(minimizer::WriteSelfCheckingScript(test_case, provenance), suspect);
  if (checking) return checking;
  return Fail(RegressionError{fmt::format("with assertions: {}; with self-checking modules: {}",
                                          plain.error().message, checking.error().message)});
}

}  // namespace slabhound::episode
