// `slabhound bench faults`: how soon generated cases show the faults of the catalogue.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddBenchFaultsCommand(CLI::App& app);

}  // namespace slabhound::cli
