// How a campaign stands as one line of JSON.
//
// Fields: `seconds` (of this run), `seconds_left` (null: until it is stopped), `modules`,
// `modules_before` (of them, by earlier runs), `modules_per_second` (over the last minute),
// `agree`, `poisoned`, `known`, `rejected`, `findings`, `generator_crashes`, `killed` (these seven
// add up to `modules`), `fuel`, `depth`, `large` (modules in which a budget ran out), `bugs`,
// `symptoms`, `severities` (bugs by severity), `seen_once` (symptoms), `last_find_at` (seconds;
// null: none), `last_find`, `to_minimize`, `jobs` (a list: `doing`, `what`, `number`, `seconds`,
// `bytes`), `jobs_started`, `workers_started`, `engines` (a list: `name`, `asked`, `not_run`,
// `refused`, `silent`). Fields may be added, and do not change their meaning.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "campaign/status.h"

namespace slabhound::campaign {

nlohmann::ordered_json ToJson(const Status& status);
// In one line, whatever bytes its texts have.
std::string LineOf(const nlohmann::ordered_json& json);

}  // namespace slabhound::campaign
