// Regression files: a test case as a specification script that any Wasm tool can replay.
//
// 1. What a call should give comes from the oracle: a right engine passes. A broken one fails
//    where the difference shows in a result, a trap, an exception or an exported global, or where
//    it crashes; one that shows only in a table, a memory or behind a reference is not seen by
//    assertions (check.h): the steps of its portable form see it (self_checking_script.h).
// 2. Imports are modules of the same file, registered under their names, that do what trace/host.h
//    says. What a module cannot do (call any export) is an error; host objects: host_module.h, 1.
// 3. A call that the oracle does not end within the limits of scripts is left out, with a comment:
//    its effects are then missing for those behind it, and their expectations say so too.
// 4. An import that forces a collection is "slabhound" "gc", which the file registers as a function
//    that does nothing, so that any tool takes the file. Slabhound collects there all the same
//    (script/runner.h, episode/episode.h), and so may an engine's own runner.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "engine/spec.h"
#include "testcase/testcase.h"

namespace slabhound::regression {

struct Regression {
  std::string script;
  uint32_t assertions = 0;
  uint32_t left_out = 0;                            // calls
  bool collects = false;                            // it calls for collections
  std::optional<engine::EngineSpec> fails_on = {};  // as the suspect was tried
};

struct RegressionError {
  std::string message;  // one line: what cannot be written, and why
};

// Without the comments on its top (provenance.h).
Result<Regression, RegressionError> WriteRegression(const testcase::TestCase& test_case);

}  // namespace slabhound::regression
