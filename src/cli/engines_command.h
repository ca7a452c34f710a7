// `slabhound engines`: which engines there are; `slabhound engines check NAME`: what one can do;
// `slabhound engines bench NAME…`: how fast they are.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddEnginesCommand(CLI::App& app);

}  // namespace slabhound::cli
