// `slabhound bench kernels`: kernels on engines, side by side in one run.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddBenchKernelsCommand(CLI::App& app);

}  // namespace slabhound::cli
