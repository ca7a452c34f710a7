// What one case reaches: its cells, and the states in which each ran.
//
// 1. Heaps of real engines say nothing, so states are those of one more run, on the built-in
//    engine in one of the case's own configurations, or in one that is drawn where it has none that
//    collects. That run has no fault, and is compared with nothing.
// 2. A survey costs about as much as a run on one engine: a campaign surveys one case in
//    kOneCaseIn, by its number.
// 3. It follows from the case, the engines and the draw alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/spec.h"
#include "testcase/prepared.h"
#include "trace/limits.h"

namespace slabhound::reach {

inline constexpr uint64_t kOneCaseIn = 32;
inline bool IsSurveyed(uint64_t number) { return number % kOneCaseIn == 0; }

// Each is a cell and its states: IndexOf(cell) << kStateBits, and bit i of those for state i.
using Reached = std::vector<uint64_t>;
inline constexpr unsigned kStateBits = 16;

// `engines` are those of the case.
Reached Survey(const testcase::Prepared& prepared, std::span<const engine::EngineSpec> engines,
               uint64_t draw, const trace::RunLimits& limits);

}  // namespace slabhound::reach
