// `slabhound repro CASE`: runs a test case on the oracle and other engines and tells the verdict.
// Exit code 0: they agree; 1: a finding.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddReproCommand(CLI::App& app);

}  // namespace slabhound::cli
