#include "regression/regression_file.h"

#include <fmt/format.h>

#include "engine/info.h"
#include "regression/check.h"
#include "regression/self_checking_script.h"

namespace slabhound::regression {
namespace {

// As the suspect is given the case, with its collections at the same places.
portable::PortableOptions OptionsOf(const engine::EngineSpec& suspect) {
  portable::PortableOptions options{.exceptions = engine::TakesExceptions(suspect)};
  if (engine::InProcess(suspect)) return options;
  const engine::FormSpec form = engine::FormOf(suspect);
  options.gc_one_in = *form.points;
  options.gc_seed = *form.seed;
  options.gc_per_call = form.collections;
  options.straight = *form.straight;
  return options;
}

Result<Regression, RegressionError> Checked(Result<Regression, RegressionError> regression,
                                            const Provenance& provenance,
                                            const std::shared_ptr<worker::Pool>& workers) {
  if (!regression) return regression;
  TRY_ASSIGN(regression->fails_on, CheckRegression(*regression, provenance.suspect, workers));
  regression->script = HeaderOf(provenance, regression->fails_on) + regression->script;
  return regression;
}

}  // namespace

Result<Regression, RegressionError> WriteRegressionFile(const testcase::TestCase& test_case,
                                                        const Provenance& provenance,
                                                        std::shared_ptr<worker::Pool> workers) {
  auto plain = Checked(WriteRegression(test_case), provenance, workers);
  if (plain) return plain;
  auto checking = Checked(WriteSelfCheckingScript(test_case, OptionsOf(provenance.suspect)),
                          provenance, workers);
  if (checking) return checking;
  return Fail(RegressionError{fmt::format("with assertions: {}; with steps: {}",
                                          plain.error().message, checking.error().message)});
}

}  // namespace slabhound::regression
