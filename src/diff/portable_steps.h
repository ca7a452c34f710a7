// Portable forms on the engines of this process: the steps that a worker would yield
// (testcase/portable.h). For tests, and for modules that are to be checked before they are given
// away; an engine of this process runs test cases themselves (run.h).
#pragma once

#include <vector>

#include "diff/engine.h"
#include "diff/portable_trace.h"
#include "testcase/avoid.h"
#include "testcase/portable.h"

namespace slabhound::diff {

// Runs a portable form for its steps. `calls` is the number of calls in its plan. A panic ends the
// last step as Failed, with the words "panic: …"; it is in `panic` then.
struct PortableRun {
  std::vector<PortableStep> steps;
  std::optional<embed::Panic> panic;
};
PortableRun RunSteps(const Prepared& portable, size_t calls, const EngineSpec& spec,
                     const embed::Limits& limits);

// What one portable form may use: more than its own budgets let it.
embed::Limits PortableLimits();

// The whole way from test case to trace. The error says why there is no portable form.
Result<Trace, std::string> RunAsPortable(const testcase::TestCase& test_case,
                                         const testcase::PortableOptions& options,
                                         const EngineSpec& spec,
                                         testcase::Avoidance avoidance = testcase::Avoidance::None);

}  // namespace slabhound::diff
