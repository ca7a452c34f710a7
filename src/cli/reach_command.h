// `slabhound reach`: which instructions a campaign has met with which types and states of the heap.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddReachCommand(CLI::App& app);

}  // namespace slabhound::cli
