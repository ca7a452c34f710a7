#include "regression/regression_file.h"

#include <fmt/format.h>

#include "regression/check.h"
#include "regression/self_checking_script.h"

namespace slabhound::regression {
namespace {

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
      Checked(WriteSelfCheckingScript(test_case, provenance.suspect), provenance, workers);
  if (checking) return checking;
  return Fail(RegressionError{fmt::format("with assertions: {}; with self-checking modules: {}",
                                          plain.error().message, checking.error().message)});
}

}  // namespace slabhound::regression
