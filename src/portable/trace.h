// Traces of portable forms (portable/portable.h): from the steps and logs that any engine yields.
//
// 1. A run that does what the oracle does gives the events that the oracle's own run of the test
//    case gives, without those of kind Inside.
// 2. Reading a log is total: what no portable form logs is an event that says so.
// 3. A log that was cut ends the comparison where it ends, as a limit of the engine does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "testcase/testcase.h"
#include "trace/trace.h"

namespace slabhound::portable {

// How one step of a portable form ended.
enum class StepEnd : uint8_t {
  Returned,
  Trapped,
  HostLimit,  // a limit of the engine: stack, allocation size, memory; ends the comparison
  Failed      // anything else: an exception came out, an internal error
};

struct PortableStep {
  StepEnd end = StepEnd::Returned;
  // Trapped: machine::TrapName of it, or the name of a class of traps where the engine tells no
  // more. HostLimit, Failed: what the engine said, without addresses.
  std::string text;
  std::vector<uint64_t> log;
  bool log_cut = false;  // it was longer than what is kept of it
};

// `steps` are instantiation and, if it returned, one for each call of the plan and `state`; fewer
// where the run ended early.
trace::Trace PortableTrace(const wasm::Module& module, const testcase::Plan& plan,
                           std::span<const PortableStep> steps);

}  // namespace slabhound::portable
