// The page of a campaign that runs: `slabhound serve` in a process of its own, which ends with this
// one.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/subprocess.h"

namespace slabhound::cli {

// Makes the folder if it is not there, and says on stderr where the page is. The error is one line.
Result<Subprocess, std::string> StartPage(const std::string& folder, uint16_t port);

}  // namespace slabhound::cli
