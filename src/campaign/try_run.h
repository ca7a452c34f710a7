// A kept case tried on an engine, in a job or a command: does it still fail?
//
// 1. It is run as the suspect ran it, then in the ways of diff/tries.h: all of that twice, or ten
//    times for a case that did not fail every time. The first failure ends it. It passes where at
//    least one run agrees to its end.
// 2. Any finding of the case counts: on another build it may show otherwise.
// 3. An engine of this process runs in a child first: its death is a failure, and no job's end.
#pragma once

#include "campaign/case_run.h"
#include "campaign/report.h"

namespace slabhound::campaign {

TriedReport RunTry(const CaseRun& run, const TryOrder& order, Flight& flight);

}  // namespace slabhound::campaign
