// Traces of portable forms (portable/portable.h): from the steps and logs that any engine yields.
//
// 1. A run that does what the oracle does gives the events that the oracle's own run of the test
//    case gives, without those of kind Inside.
// 2. Reading a log is total: what no portable form logs is an event that says so.
// 3. An object beyond the budget was asked for (bulk.h). What any engine may do is one event, as in
//    this process: it refuses by a limit of its own, by a trap in words that nobody knows, or gives
//    the right object. A null, another trap, another object are events of their own. Where an array
//    can only be beyond its segment, a limit is the segment's trap. Comparison goes on, unless the
//    worker did not.
// 4. A log that was cut ends the comparison where it ends, as a limit of the engine does.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "testcase/testcase.h"
#include "trace/trace.h"

namespace slabhound::portable {

// What running one step of a portable form came to.
struct PortableStep {
  // Returned without values, Trapped, Exhausted at a limit of the engine, Uncaught, Rejected or
  // Failed.
  trace::Happening end = trace::Returned{};
  std::vector<uint64_t> log = {};
  bool log_cut = false;  // it was longer than what is kept of it
  bool returned() const { return std::holds_alternative<trace::Returned>(end); }
  bool trapped() const { return std::holds_alternative<trace::Trapped>(end); }
};

// `steps` are instantiation and, if it returned, one for each call of the plan and `state`; fewer
// where the run ended early. The budget is the one that the form was made with; `keep_walks` is
// that of trace::RunLimits.
trace::Trace PortableTrace(const wasm::Module& module, const testcase::Plan& plan,
                           std::span<const PortableStep> steps,
                           uint64_t object_bytes_max = testcase::kGeneratedBudgets.object_bytes_max,
                           bool keep_walks = false);

}  // namespace slabhound::portable
