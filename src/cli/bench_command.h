// `slabhound bench`: measurements of Slabhound itself, a subcommand each.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddBenchCommand(CLI::App& app);

}  // namespace slabhound::cli
