// `slabhound serve` and `slabhound report`: a campaign's folder as a page, over HTTP or as a file.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddServeCommand(CLI::App& app);
Command AddReportCommand(CLI::App& app);

}  // namespace slabhound::cli
