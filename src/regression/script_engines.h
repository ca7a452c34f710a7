// How a suspect runs scripts: as `slabhound wast --engine ENGINE` does.
//
// What makes a case fail at the places that were drawn for its portable form need not make its
// script, which is another module. So a script is tried in several ways, the plainest first.
#pragma once

#include <vector>

#include "engine/spec.h"

namespace slabhound::regression {

// Without any collection but those that the script calls for; as the suspect ran the case; with a
// full collection at each place; at places drawn otherwise; a slab engine under the schedules that
// collect most. `collects`: the script calls for some.
// Engines without scripts, which are plain commands, have no way.
std::vector<engine::EngineSpec> ScriptEngines(const engine::EngineSpec& suspect, bool collects);

}  // namespace slabhound::regression
