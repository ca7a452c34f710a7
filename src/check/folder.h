// The folder that a check writes: all of it, so that a CI keeps one folder.
//
//   summary.json   the verdict and what was counted (summary.h); there first, and replaced at last
//   junit.xml, slabhound.sarif
//   findings/      the folder of findings of its campaign (campaign/store.h): cases, scripts
//   campaign.log   what the campaign told while it ran
//
// 1. What an earlier check left is removed. A folder that holds anything else is refused.
#pragma once

#include <string>

#include "base/result.h"

namespace slabhound::check {

inline constexpr const char* kFindings = "findings";

// The error is one line.
Result<void, std::string> MakeCheckFolder(const std::string& folder);

}  // namespace slabhound::check
