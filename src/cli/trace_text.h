// A trace of a case as `run` prints it: the calls with their arguments, and what a person should
// know of the case before.
#pragma once

#include <string>

#include "testcase/prepared.h"
#include "trace/trace.h"

namespace slabhound::cli {

// The trace, one line an event; calls as the plan's text has them.
std::string CaseTraceText(const testcase::Prepared& prepared, const trace::Trace& trace);

// Lines of a case that hardly does what its author wants: there is nothing to call, or an import
// that looks as if it collected is only logged.
std::string CaseNotes(const testcase::Prepared& prepared);

}  // namespace slabhound::cli
