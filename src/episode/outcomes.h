// What a step of an episode came to, as the outcomes that a script's assertion judges.
#pragma once

#include <vector>

#include "machine/outcome.h"
#include "trace/happening.h"

namespace slabhound::episode {

// `results` are numbers and nullable references to the top of a hierarchy; behind the results
// stands, for each of the hierarchy of `any`, the number of episode.h, 1. One outcome for each kind
// of trap that it may be; nothing where it is none that a script asks for.
std::vector<machine::Outcome> OutcomesOf(const trace::Happening& ending,
                                         const std::vector<wasm::ValType>& results);

}  // namespace slabhound::episode
