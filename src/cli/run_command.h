// `slabhound run CASE`: runs a test case and prints the trace of each engine.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddRunCommand(CLI::App& app);

}  // namespace slabhound::cli
