// Flags that say who is told what a campaign does: --quiet, --log, --stats, --on-finding.
#pragma once

#include <CLI/CLI.hpp>

#include "screen/desk.h"

namespace slabhound::cli {

void AddDeskFlags(CLI::App& parser, screen::DeskOptions& options);

}  // namespace slabhound::cli
