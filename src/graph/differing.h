// The heap graphs of two traces where they first differ in their objects: at the event that
// differs, else in the final state, which tells what became of objects that the event does not
// show.
#pragma once

#include <optional>

#include "graph/difference.h"

namespace slabhound::graph {

struct Differing {
  size_t event = 0;  // of the expected trace
  Graph expected, found;
  Difference difference;  // of FindDiffering: of one place at least
};

// `event` is the first one that differs. Requires: the walks of both traces were kept.
std::optional<Differing> FindDiffering(const trace::Trace& expected, const trace::Trace& found,
                                       size_t event, const wasm::TypeStore& types, Extent extent);

}  // namespace slabhound::graph
