// What a minimized finding stands for: its cause key and its ingredients.
//
// 1. Variants run in the workers of candidates (CaseRun).
// 2. The variant vector is the case's own. Shape and ingredients are those of its witness: the case
//    minimized once more, for any finding of the suspect that agrees with the vector. Symptoms of
//    one memory that goes wrong have one witness; the case itself stays what shows its symptom.
// 3. A witness takes kWitnessCandidatesMax candidates at most, and ends when `stop` says so: the
//    smallest until then counts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "campaign/case_run.h"
#include "cause/key.h"
#include "diff/compare.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {

inline constexpr uint64_t kWitnessCandidatesMax = 300;

struct Cause {
  cause::Key key;
  std::vector<std::string> ingredients;
};

// What minimizer::Keep asks of candidates: that releases of the suspect's engine, or configurations
// of the slab engine, do as they did with the case on which it was asked first with that suspect.
// Requires: each case has just shown the verdict's signature. Empty: there are none to ask.
std::function<bool(const testcase::TestCase&, const engine::EngineSpec&)> SameCause(
    const CaseRun& run, const diff::Verdict& verdict, const std::function<bool()>& stop);

// Requires: `verdict` is a finding of the case, and the case is valid.
Cause CauseOf(const CaseRun& run, const testcase::TestCase& test_case, const diff::Verdict& verdict,
              const std::function<bool()>& stop);

}  // namespace slabhound::campaign
