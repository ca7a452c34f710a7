// A module judged in a child process of its own, for modules that may crash or hang an engine.
//
// 1. The child does what a job does with a generated module, on the engines of this process alone:
//    it leaves the workers of others to their owner.
// 2. Try returns within the limits, whatever the child does.
// 3. What became of the child has the signature that the death of a job has (death.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "campaign/case_run.h"

namespace slabhound::campaign {

struct TrialLimits {
  std::chrono::milliseconds cpu{300}, wall{3'000};
  uint64_t data_bytes_max = uint64_t{2} << 30;  // on top of what this process has
};

// Nothing: it survived.
std::optional<diff::Signature> Try(const CaseRun& run, uint64_t number, ByteSpan module,
                                   const TrialLimits& limits);

// Minimizes a module that made a job die with this signature, for at most `seconds`.
MinimizedReport MinimizeDeath(const CaseRun& run, const MinimizeOrder& order, double seconds,
                              Flight& flight);

}  // namespace slabhound::campaign
