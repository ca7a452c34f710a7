// Running a test case on an engine behind a worker: its portable form (portable/portable.h) goes to
// the worker, what comes back becomes a trace.
//
// 1. Workers live in this process from one run to the next, one for each engine with its own
//    options: how the form is made is no matter of the process.
// 2. A worker's failure is the trace's, except running out of memory, which is Exhausted, and
//    starting, which makes the trace unusable. A timeout, and a signal that somebody sent, is one
//    only if it happens again; the worker is asked to tell its progress then. Compiling that
//    takes too long is Exhausted too, and so is running, if it ends with little fuel.
// 3. A failure that the module alone does not repeat in a fresh worker is looked into
//    (recurrence.h); the trace says what that found.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/spec.h"
#include "testcase/prepared.h"
#include "trace/trace.h"
#include "worker/lab.h"
#include "worker/protocol.h"
#include "worker/recurrence.h"

namespace slabhound::worker {

// What a worker is given for a test case. The error says why there is no portable form.
struct PortableRequest {
  Bytes module;
  trace::RunRequest request;
  std::vector<std::string> avoided = {};  // as in Trace
};
// The engine's version decides what is avoided; empty: it is any.
Result<PortableRequest, std::string> MakeRequest(const testcase::Prepared& prepared,
                                                 const engine::EngineSpec& spec, const Lab& lab,
                                                 std::string_view version = {});

trace::Trace RunPortable(const testcase::Prepared& prepared, const engine::EngineSpec& spec,
                         const Lab& lab);
// In a fresh worker, which is sent the history first. A failure is then one after other modules.
trace::Trace RunPortableAfter(std::span<const trace::SentRun> history,
                              const testcase::Prepared& prepared, const engine::EngineSpec& spec,
                              const Lab& lab);

// Looks into a divergence that the engine's last run showed, as into a worker's failure: `shows`
// says whether a trace has it. The time for that is shared by all of one kind.
using ShowsAgain = std::function<bool(const trace::Trace&)>;
trace::Recurrence LookInto(const testcase::Prepared& prepared, const engine::EngineSpec& suspect,
                           const std::string& kind, const ShowsAgain& shows, const Lab& lab);

// What the worker said, as steps that portable/trace.h reads, and as a failure what it said of
// itself.
trace::Trace WorkerTrace(const testcase::Prepared& prepared, const engine::EngineSpec& spec,
                         const Lab& lab, WorkerRun run);

}  // namespace slabhound::worker
