// Outcomes read back from the events of a trace (trace/digest.h writes them).
#pragma once

#include <string_view>
#include <vector>

#include "machine/outcome.h"

namespace slabhound::episode {

// `results` are numbers and nullable references to the top of a hierarchy; behind each result of
// the hierarchy of `any` the text has the number of episode.h, 1. One outcome for each kind of trap
// that the text may mean; nothing where it is none that a trace has, or one that names no kind.
std::vector<machine::Outcome> ReadOutcome(std::string_view text,
                                          const std::vector<wasm::ValType>& results);

}  // namespace slabhound::episode
