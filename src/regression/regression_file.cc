#include "regression/regression_file.h"

#include <fmt/format.h>

#include "engine/info.h"
#include "regression/check.h"
#include "regression/self_checking_script.h"

namespace slabhound::regression {
namespace {

// As the suspect is given the case, with its collections at the same places.
portable::PortableOptions FormOf(const engine::EngineSpec& suspect) {
  portable::PortableOptions options{.exceptions = engine::TakesExceptions(suspect)};
  const bool collects = !engine::InProcess(suspect) && engine::InfoOf(suspect.kind).gc_max > 0 &&
                        suspect.form.gc != engine::Collection::None;
  if (!collects) return options;
  options.gc_one_in = suspect.form.points.value_or(2);
  options.gc_seed = suspect.form.seed.value_or(0);
  options.straight = true;
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
  auto checking =
      Checked(WriteSelfCheckingScript(test_case, FormOf(provenance.suspect)), provenance, workers);
  if (checking) return checking;
  return Fail(RegressionError{fmt::format("with assertions: {}; with steps: {}",
                                          plain.error().message, checking.error().message)});
}

}  // namespace slabhound::regression
