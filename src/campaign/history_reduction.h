// Minimizes a finding that an engine's worker shows only after other modules: fewer modules, then
// the case, then each of those that are left, while the case fails the same way behind them.
//
// 1. Each candidate gets a fresh worker, which is sent the whole history.
// 2. At least one module of the history stays.
#pragma once

#include "campaign/case_run.h"

namespace slabhound::campaign {

// Requires: an order with a history. For at most `seconds`, a run that is under way apart.
MinimizedReport MinimizeWithHistory(const CaseRun& run, const MinimizeOrder& order, double seconds,
                                    Flight& flight);

}  // namespace slabhound::campaign
