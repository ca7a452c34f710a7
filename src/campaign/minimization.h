// One order to minimize, in a job: from the first run of the case to the report with its script and
// its cause.
//
// 1. A case that a known cause explains stays as it is (masking.h).
// 2. A case that does not fail at once is run again: how often it fails is told, n of m. What fails
//    seldom is not minimized.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/case_run.h"

namespace slabhound::campaign {

// What happens less often of ten times is not minimized.
inline constexpr uint32_t kSeenToMinimize = 3;

// The order's engines, or where it names none those that its case has. The error is one line.
Result<std::vector<engine::EngineSpec>, std::string> EnginesOf(const CaseRun& run,
                                                               const MinimizeOrder& order);

// Minimizes for at most `seconds`, keeping the signature.
MinimizedReport RunMinimize(const CaseRun& run, const MinimizeOrder& order, double seconds,
                            Flight& flight);

}  // namespace slabhound::campaign
