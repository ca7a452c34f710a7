// What the first findings of trials stand for: their cases minimized, with their cause keys, and
// how well bugs made of those tell faults apart.
//
// 1. Each is a folder of `causes` in the folder of trials: `case.wasm` and `cause.json`. One that
//    is there is not made again.
// 2. A fault's name is no part of what is compared: an engine does not tell what is wrong with it.
// 3. A case that cannot be minimized is a bug of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/trials.h"
#include "cause/measure.h"

namespace slabhound::bench {

struct CausePlan {
  uint64_t trials_max = 2;  // of a fault and a generator: those with the smallest seeds
  double seconds = 10;      // that one may take
};

// Makes those that are missing, of detections of a fault. Whether it was interrupted; the error is
// one line.
Result<bool, std::string> MakeCauses(const TrialPlan& plan, const CausePlan& causes,
                                     const std::vector<TrialRow>& rows);

// Bugs against faults, of what is there.
struct CauseAgreement {
  uint64_t cases = 0, bugs = 0, faults = 0;
  cause::Agreement agreement;
};
// Nothing: there is none. The error is one line: a file that cannot be read.
Result<std::optional<CauseAgreement>, std::string> AgreementOfCauses(
    const std::string& folder, const std::vector<TrialRow>& rows);

}  // namespace slabhound::bench
