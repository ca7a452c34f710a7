// Configurations of the slab engine, drawn for a campaign's cases.
//
// 1. What is drawn follows from (stream, draw) alone. Streams are independent.
// 2. How often a collector, a schedule or a setting is drawn is the weight in its table:
//    gc/collectors.def, gc/schedules.def, heap/settings.def.
// 3. The fault stays.
#pragma once

#include <cstdint>

#include "engine/spec.h"

namespace slabhound::engine {

// `drawn` is set no more. Requires: it is.
SlabSpec Draw(const SlabSpec& spec, uint64_t draw);

}  // namespace slabhound::engine
