// Which configurations of the slab engine a campaign's cases drew.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "engine/spec.h"

namespace slabhound::campaign {

// Adds one to "COLLECTOR SCHEDULE", as in "copying every-N", of each engine that is drawn: `asked`
// are the campaign's, `drawn` the same ones as a case got them.
void CountConfigurations(std::span<const engine::EngineSpec> asked,
                         std::span<const engine::EngineSpec> drawn,
                         std::map<std::string, uint64_t>& counts);

}  // namespace slabhound::campaign
