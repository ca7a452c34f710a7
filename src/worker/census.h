// The census of an engine behind a worker (protocol.h, 6): whether what its heap holds grows each
// time that a case is run.
//
// 1. The worker instantiates the case once, calls its exports round after round, and says what the
//    heap holds behind some rounds and full collections. It is a fresh one, for this alone.
// 2. Growth is as much in the second half of the rounds as in the first, and as much a round when
//    there are twice as many: warming up and noise are neither.
// 3. Growth is no leak yet: a case may keep more each time. It is one where another engine, given
//    the same case, does not grow.
// 4. A worker that does not say that it counts cannot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/spec.h"
#include "testcase/prepared.h"
#include "trace/recurrence.h"
#include "worker/lab.h"

namespace slabhound::worker {

struct Growth {
  std::string unit = {};  // what the worker counts: bytes, objects, cells
  double per_round = 0;   // 0: it does not grow
};

// The error is one line: why nothing was counted. Requires: the fuel of the plan's budgets lasts
// for all rounds (kFuelOfRounds): its calls do nothing without it.
inline constexpr uint64_t kFuelOfRounds = UINT32_MAX;
Result<Growth, std::string> GrowthOf(const testcase::Prepared& prepared,
                                     const engine::EngineSpec& spec, const Lab& lab);
// The same of a request that is made.
Result<Growth, std::string> GrowthOf(const std::vector<std::string>& command,
                                     const trace::SentRun& sent, const WorkerLimits& limits = {});

}  // namespace slabhound::worker
