// An engine of version "all" as all of its releases that are installed, oldest first.
//
// 1. Releases that scripts/pins.txt names and that are not installed are told on stderr, in one
//    line.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/spec.h"

namespace slabhound::cli {

// Another engine stands for itself. The error is one line: none is installed.
Result<std::vector<engine::EngineSpec>, std::string> ExpandReleases(
    const engine::EngineSpec& engine);

}  // namespace slabhound::cli
