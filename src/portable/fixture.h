// For tests: the whole way of a test case through its portable form on an engine of this process.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "avoid/avoid.h"
#include "diff/dispatch.h"
#include "portable/portable.h"
#include "portable/steps.h"

namespace slabhound::portable {

// The error says why there is no portable form.
inline Result<trace::Trace, std::string> RunAsPortable(
    const testcase::TestCase& test_case, const PortableOptions& options,
    const engine::EngineSpec& spec, avoid::Avoidance avoidance = avoid::Avoidance::None) {
  auto module = MakePortable(test_case, options);
  if (!module) return Fail(module.error().message);
  avoid::Avoid(avoidance, *module);
  const auto prepared = testcase::Prepare({std::move(*module), {}});
  if (!prepared) return Fail("the portable form is invalid: " + prepared.error().Message());
  const auto machine = diff::MakeMachine(spec, *prepared->types, PortableLimits(options));
  PortableRun run = RunSteps(*machine, *prepared, test_case.plan.calls.size());
  trace::Trace trace =
      PortableTrace(test_case.module, test_case.plan, run.steps, options.object_bytes_max);
  trace.failure = std::move(run.failure);
  return trace;
}

}  // namespace slabhound::portable
