// How a campaign stands, as the ledger keeps it for those who look on from other processes.
//
// {"seconds", "seconds_left"?, "modules_per_second", "jobs_started", "workers_started",
//  "to_minimize", "last_find"?: {"seconds", "symptom"},
//  "engines": [{"engine", "asked", "not_run", "refused"}],
//  "jobs": [{"doing": "nothing|cases|minimizing|trying", "what", "number", "seconds", "bytes"}]}
#pragma once

#include <string>

#include "campaign/status.h"

namespace slabhound::campaign {

std::string StatusJson(const Status& status);

}  // namespace slabhound::campaign
