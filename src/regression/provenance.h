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

// Comment lines, then an empty one: signature, engines, how to reproduce, with the engine that the
// script fails on, if it was tried.
std::string HeaderOf(const Provenance& provenance,
                     const std::optional<engine::EngineSpec>& fails_on);

}  // namespace slabhound::regression
