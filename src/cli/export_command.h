// slabhound export: a test case as modules for engines that know nothing of Slabhound.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddExportCommand(CLI::App& app);

}  // namespace slabhound::cli
