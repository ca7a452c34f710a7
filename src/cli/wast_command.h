// `slabhound wast FILE|DIR…`: runs specification scripts, each on a fresh machine, and counts what
// passed and failed. Exit code 0: all passed; 1: failures; 2: a file is unreadable or malformed.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddWastCommand(CLI::App& app);

}  // namespace slabhound::cli
