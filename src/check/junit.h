// A check as JUnit XML, which CI systems show as tests: a suite for each engine, and in it a test
// for the campaign, for each new bug, for each known row that occurred, and for each regression
// file.
//
// 1. A bug at or above the bound fails; one below it, and what is known, is skipped with a message.
// 2. Any text of an engine's or of a case is escaped; what no XML may hold becomes a question mark.
#pragma once

#include <string>

#include "check/report.h"

namespace slabhound::check {

std::string JunitText(const Report& report);

}  // namespace slabhound::check
