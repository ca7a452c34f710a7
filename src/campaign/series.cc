#include "campaign/series.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gen/binaryen.h"

namespace slabhound::campaign {

ledger::Series SeriesOf(const Options& options) {
  std::vector<std::string> engines = options.asked_engines;
  for (size_t i = 0; options.asked_engines.empty() && i < options.engines.size(); ++i) {
    engines.push_back(engine::EngineText(options.engines[i]));
  }
  nlohmann::ordered_json budgets;
#define SLABHOUND_BUDGET(name, ...) budgets[#name] = options.budgets.name;
#include "testcase/budgets.def"
  const nlohmann::ordered_json configuration = {{"engines", engines},  // none: a campaign's own
                                                {"fault", heap::FaultName(options.fault)},
                                                {"budgets", budgets},
                                                {"without_exceptions", options.without_exceptions},
                                                {"binaryen", gen::BinaryenVersion()},
                                                {"version", SLABHOUND_VERSION}};
  return {options.seed, configuration.dump()};
}

}  // namespace slabhound::campaign
