// `slabhound campaign`: hunts until the time, the modules or the user's patience end. Exit code 0:
// clean; 1: findings.
#pragma once

#include "cli/command.h"

namespace slabhound::cli {

Command AddCampaignCommand(CLI::App& app);

}  // namespace slabhound::cli
