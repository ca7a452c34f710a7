// `slabhound minimize`: shrinks a test case while it stays interesting, and writes the module, its
// text and a regression script.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddMinimizeCommand(CLI::App& app);

}  // namespace slabhound::cli
