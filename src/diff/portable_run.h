// Running a test case on an engine behind a worker: its portable form (testcase/portable.h) goes to
// the worker, what comes back becomes a trace.
//
// 1. Workers live in this process from one run to the next, one for each engine and configuration.
// 2. A worker's failure is a panic of the trace, except running out of memory, which is
//    Exhausted, and starting, which makes the trace unusable. A timeout, and a signal that
//    somebody sent, is one only if it happens again.
// 3. A failure that the module alone does not repeat in a fresh worker is looked into
//    (recurrence.h); the panic's kind then ends in what that found, as in "(after other modules)".
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "diff/engine.h"
#include "diff/protocol.h"
#include "diff/recurrence.h"
#include "diff/trace.h"

namespace slabhound::diff {

// What a worker is given for a test case. The error says why there is no portable form.
struct PortableRequest {
  Bytes module;
  RunRequest request;
  std::vector<std::string> avoided = {};  // as in Trace
};
// The engine's version decides what is avoided; empty: it is any.
Result<PortableRequest, std::string> MakeRequest(const Prepared& prepared, const EngineSpec& spec,
                                                 const RunLimits& limits,
                                                 std::string_view version = {});

Trace RunPortable(const Prepared& prepared, const EngineSpec& spec, const RunLimits& limits);
// In a fresh worker, which is sent the history first. A failure is then one after other modules.
Trace RunPortableAfter(std::span<const SentRun> history, const Prepared& prepared,
                       const EngineSpec& spec, const RunLimits& limits);

// Looks into a divergence that the engine's last run showed: the same as for a worker's failure.
Recurrence LookInto(const Prepared& prepared, const EngineSpec& reference, const Trace& expected,
                    const EngineSpec& suspect, const std::string& signature,
                    const RunLimits& limits);

// What the worker said, as steps that portable_trace.h reads, and as a panic what it said of
// itself.
Trace WorkerTrace(const Prepared& prepared, const EngineSpec& spec, WorkerRun run);

}  // namespace slabhound::diff
