// `slabhound findings`: lists the bugs of a folder of findings; `merge`, `split` and `label` write
// what a person says of them into its database, `known` a row into a file for --known.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddFindingsCommand(CLI::App& app);

}  // namespace slabhound::cli
