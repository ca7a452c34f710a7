// Portable forms on the engines of this process: the steps that a worker would yield
// (portable/portable.h). For tests, and for modules that are to be checked before they are given
// away; an engine of this process runs test cases themselves (trace/run.h).
#pragma once

#include <vector>

#include "machine/machine.h"
#include "portable/portable.h"
#include "portable/trace.h"
#include "testcase/prepared.h"

namespace slabhound::portable {

// Runs a portable form for its steps. `calls` is the number of calls in its plan. A panic ends the
// last step as Failed, and is in `failure` then.
struct PortableRun {
  std::vector<PortableStep> steps;
  std::optional<trace::Failure> failure;
  uint64_t collections = 0;  // calls of `gc`
};
PortableRun RunSteps(machine::Machine& machine, const testcase::Prepared& portable, size_t calls);

// What a self-checking form imports: each of them collects.
std::vector<machine::Extern> CollectImports(machine::Machine& machine,
                                            const testcase::Prepared& form);

// What one portable form may use: more than its own budgets let it.
machine::Limits PortableLimits(const PortableOptions& options = {});

}  // namespace slabhound::portable
