// `slabhound faults`: the fault catalogue.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddFaultsCommand(CLI::App& app);

}  // namespace slabhound::cli
