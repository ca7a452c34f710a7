// Numbers of a campaign in the text format of Prometheus.
#pragma once

#include <string>

#include "campaign/finding_json.h"

namespace slabhound::page {

// `overview` and `bugs` as /api/overview and /api/bugs have them.
std::string MetricsText(const campaign::Json& overview, const campaign::Json& bugs);

}  // namespace slabhound::page
