// Where a regression file comes from: the comments on its top.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/spec.h"

namespace slabhound::regression {

struct Provenance {
  std::string signature;
  engine::EngineSpec suspect = {};               // the engine that showed it, one of `engines`
  std::vector<engine::EngineSpec> engines = {};  // as it was judged: the first is the reference
  std::string case_file = "case.wasm";           // beside the script
  std::string script_file = "regression.wast";   // itself
};

// How scripts are run on this engine: as it is, or, behind a worker, with a full collection at each
// place, since what makes a case fail at chosen places need not make its script. Engines without
// scripts, which are plain commands, have none.
std::optional<engine::EngineSpec> ScriptEngine(const engine::EngineSpec& suspect);

// Comment lines, then an empty one: signature, engines, how to reproduce.
std::string HeaderOf(const Provenance& provenance);

}  // namespace slabhound::regression
