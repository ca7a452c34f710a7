// Minimization of a finding: the one call that campaigns and `slabhound minimize` make.
//
// 1. The signature is kept, under as few engines and options as give it, and with as few
//    collections, which become instructions of the case (settle.h).
// 2. Where an endless call can be bounded without losing the signature, it is, and stays so:
//    otherwise no other engine could be asked what the call should give. `ends` says if that
//    succeeded.
// 3. Likewise a test case whose regression file shows the finding stays one: `shows`.
// 4. A case with budgets of its own gets less fuel, if it shows the finding with that too.
#pragma once

#include <vector>

#include "minimizer/minimize.h"
#include "minimizer/predicate.h"

namespace slabhound::minimizer {

struct MinimizedFinding {
  Minimized minimized;
  bool ends = false;   // the reference engine ends every call by itself
  bool shows = false;  // and a script can show the finding
  // Which show it now, in the place of those that were given.
  std::vector<engine::EngineSpec> engines = {};
  engine::EngineSpec suspect = {};
};

Result<MinimizedFinding, Failure> MinimizeFinding(testcase::TestCase input, Keep keep,
                                                  const Options& options = {});

}  // namespace slabhound::minimizer
