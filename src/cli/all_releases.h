// ENGINE@all[:OPTIONS] as texts of all releases of the engine that are installed, oldest first.
//
// 1. Releases that scripts/pins.txt names and that are not installed are told on stderr, in one
//    line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace slabhound::cli {

// Other texts stay as they are. The error is one line that names the flag: none is installed.
Result<std::vector<std::string>, std::string> ExpandReleases(const std::vector<std::string>& texts,
                                                             std::string_view flag);

}  // namespace slabhound::cli
