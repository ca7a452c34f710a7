// What a check ends with: an exit code by severity, and a few lines that say first what to do.
#pragma once

#include <string>

#include "check/report.h"

namespace slabhound::check {

enum class Verdict : uint8_t {
  Fine,         // nothing new at or above the bound; what is known, or below it, is counted
  Failed,       // a new bug at or above the bound, or a regression file fails
  NotUsable,    // an engine ran too little, or the check could not go on
  Interrupted,  // nothing found until then
};

// An engine that did not run comes before what was found all the same, as in a campaign.
Verdict VerdictOf(const Report& report);
std::string VerdictName(Verdict verdict);  // "fine", "failed", …
int ExitCode(Verdict verdict);             // 0, 1, 2, 3: as all commands have them

// `folder` is the check's.
std::string VerdictText(const Report& report, const std::string& folder);

}  // namespace slabhound::check
