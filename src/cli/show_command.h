// `slabhound show CASE`: the module as text, and behind it the plan as comments.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddShowCommand(CLI::App& app);

}  // namespace slabhound::cli
