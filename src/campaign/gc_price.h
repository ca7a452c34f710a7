// What forced collections cost on an engine behind a worker, by measure, and how many the cases of
// a campaign get for that: they take at most as long as all the rest of these cases.
//
// 1. Measured are a few generated cases, always the same, in CPU time of this process and of the
//    worker: making them, running them on the reference, on the engine without collections, and
//    then with 1, 2, 4 … in each call of the plan. That takes a few seconds; some more of an engine
//    that gets faster all that while, as it is measured when it is warm.
// 2. Where one in each call is too much already, one case in 2, 4, 8 … has it, and all others none.
//    Where the number of engines.def is not too much, the engine stays as it is.
// 3. What comes of it is an engine whose text says all (engine::OfCase): given that, there is
//    nothing to measure.
#pragma once

#include <string>
#include <vector>

#include "engine/spec.h"
#include "worker/lab.h"

namespace slabhound::campaign {

struct GcPrice {
  engine::EngineSpec engine = {};  // as the campaign's cases get it
  // An average case: with this engine alone and no forced collection, and what those of a case that
  // has them add to it.
  double case_ms = 0, collections_ms = 0;
};

// Each engine becomes the one that cases get. Those that collect nothing on demand, whose text says
// how often they do, or that did not run the cases stay as they are, and have no price.
std::vector<GcPrice> SetGcPrices(std::vector<engine::EngineSpec>& engines, const worker::Lab& lab);

// One line.
std::string PriceText(const GcPrice& price);

}  // namespace slabhound::campaign
