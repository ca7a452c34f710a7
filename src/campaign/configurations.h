// Which configurations of the slab engine a campaign's cases drew.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "campaign/case_run.h"

namespace slabhound::campaign {

// Adds one to "COLLECTOR SCHEDULE", as in "copying every-N", of each engine that the case drew.
void CountConfigurations(const CaseRun& run, uint64_t number,
                         std::map<std::string, uint64_t>& counts);

}  // namespace slabhound::campaign
