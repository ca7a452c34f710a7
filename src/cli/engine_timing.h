// What engines behind workers cost: generated test cases through one worker each, engine after
// engine over the same cases, timed by wall clock and CPU, apart for the worker and for this side
// of its pipes.
//
// 1. Portable forms are made before the clock starts; what making one costs is told apart.
// 2. The clock sees what a campaign does for each module: request, answer, trace. Fresh workers
//    that take the place of old ones count too, the first one's start does not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "diff/dispatch.h"
#include "engine/spec.h"

namespace slabhound::cli {

struct TimingOptions {
  uint64_t modules = 2'000, seed = 1;
};

using TimingCase = diff::Prepared;
std::vector<TimingCase> MakeTimingCases(const TimingOptions& options);

std::string TimingHeader();
// One line of figures; the error says why the engine cannot run.
Result<std::string, std::string> TimeEngine(const engine::EngineSpec& spec,
                                            const std::vector<TimingCase>& cases);

}  // namespace slabhound::cli
