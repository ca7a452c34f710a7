// slabhound census: whether the heap of a real engine grows each time that a case is run
// (worker/census.h). It is a leak where the case grows on one of the engines and not on another.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddCensusCommand(CLI::App& app);

}  // namespace slabhound::cli
