// `slabhound merge`: what several campaigns found, as one store.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddMergeCommand(CLI::App& app);

}  // namespace slabhound::cli
