// Comparison of traces, verdict and signature of a test case.
//
// 1. A failure of an engine is a finding whatever the other traces say.
// 2. The first trace is the reference. Traces are compared event by event. Fuel, call depth and the
//    size of one object are counted alike by all, so they run out at the same event and comparison
//    goes on behind it; where a heap or a limit of an engine's own ran out, or a run needs an
//    instruction that the engines of this process do not run, it ends: poisoned.
// 3. Where an engine tells a trap less exactly, comparison is as coarse (trace/trap_set.h).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "avoid/known_file.h"
#include "diff/dispatch.h"
#include "diff/signature.h"

namespace slabhound::diff {

enum class VerdictKind : uint8_t { Agree, Diverge, Panic, Poisoned, Known, Rejected };
std::string_view VerdictName(VerdictKind kind);
inline bool IsFinding(VerdictKind kind) {
  return kind == VerdictKind::Diverge || kind == VerdictKind::Panic;
}

struct Verdict {
  VerdictKind kind = VerdictKind::Agree;
  Signature signature = {};          // findings: the bucket
  std::string explanation = {};      // one or two lines for people; the reason of a rejection
  engine::EngineSpec suspect = {};   // findings: the engine that differs or failed
  std::optional<size_t> event = {};  // divergences: the first event that differs
  // Names of known disagreements (avoid/known.h) that were met; an engine that shows one is left
  // out of the comparison. Those that were avoided.
  std::vector<std::string> known = {}, avoided = {};
  std::shared_ptr<const trace::Recurrence> recurrence = {};  // of the suspect's trace
  bool fuel_exhausted = false, depth_exhausted = false, size_exhausted = false;
  bool heap_exhausted = false;
  std::vector<std::string> needs = {};  // "SIMD: i8x16.shuffle": what ended a trace, each once
  bool is_finding() const { return IsFinding(kind); }
};

// Requires: as many traces as engines, at least one. `today` and `known` are as in worker::Lab.
Verdict Compare(std::span<const engine::EngineSpec> engines, std::span<const trace::Trace> traces,
                std::string_view today = {}, const std::vector<avoid::KnownRow>& known = {});

// Runs the test case on all engines and compares.
Verdict Judge(const Prepared& prepared, std::span<const engine::EngineSpec> engines,
              const worker::Lab& lab);
// The same from the start; an invalid module is Rejected.
Verdict Judge(const testcase::TestCase& test_case, std::span<const engine::EngineSpec> engines,
              const worker::Lab& lab);

}  // namespace slabhound::diff
