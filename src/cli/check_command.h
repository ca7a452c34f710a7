// slabhound check: an engine held to account in its team's CI.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddCheckCommand(CLI::App& app);

}  // namespace slabhound::cli
