// The releases of an engine on which a case fails: the second key of a finding's bucket. One
// signature may be the work of several bugs, which came and went with different releases.
//
// 1. The range starts at the suspect's release and reaches to older and to newer ones, each way as
//    far as the first that passes. What fails behind that one is another bug's work.
// 2. A release fails when it gives any finding against the reference. One that cannot run the case,
//    refuses it though the suspect does not, or runs out of heap neither fails nor passes: the
//    range may go on behind it, but never ends at it.
// 3. A release runs the case once, with the suspect's options, in a worker that lives on
//    (worker/run.h, 1).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "diff/compare.h"

namespace slabhound::diff {

struct Releases {
  std::vector<engine::EngineSpec> engines = {};  // engines with versions, in any order
  std::function<void()> before_each_run = {};    // may be empty
};

// Empty when none of the releases is of the suspect's engine.
// Requires: verdict.is_finding(), of the reference and others.
ReleaseRange FailingReleases(const Prepared& prepared, const engine::EngineSpec& reference,
                             const Verdict& verdict, const Releases& releases,
                             const worker::Lab& lab);

// Sorts by release, oldest first: 9.0.0 before 31.0.0.
void SortByRelease(std::vector<engine::EngineSpec>& engines);

}  // namespace slabhound::diff
