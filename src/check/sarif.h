// A check as SARIF 2.1.0, which code hosts show as alerts: a result for each new bug and for each
// regression file that fails.
//
// 1. Rules are pairs of severity and verdict, as in memory-corruption/panic, and `regression`.
// 2. A result's fingerprints are those of the bug (report.h), which stay from run to run; of two
//    with one symptom they differ by the number of the cause.
// 3. Locations: the case's file in the check's folder (base ARTIFACTS), the regression file's line.
#pragma once

#include <string>

#include "check/report.h"

namespace slabhound::check {

// `version` is Slabhound's own.
std::string SarifText(const Report& report, const std::string& version);

}  // namespace slabhound::check
