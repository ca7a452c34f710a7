#include "graph/differing.h"

#include <algorithm>

namespace slabhound::graph {
namespace {

size_t FirstState(const trace::Trace& trace) {
  const auto state = std::ranges::find(trace.events, trace::EventKind::State, &trace::Event::kind);
  return static_cast<size_t>(state - trace.events.begin());
}

}  // namespace

std::optional<Differing> FindDiffering(const trace::Trace& expected, const trace::Trace& found,
                                       size_t event, const wasm::TypeStore& types, Extent extent) {
  for (const auto& [left, right] :
       {std::pair(event, event), std::pair(FirstState(expected), FirstState(found))}) {
    const auto wanted = ReadGraph(expected, left, types, extent);
    const auto shown = ReadGraph(found, right, types, extent);
    if (!wanted || !shown) continue;
    Difference difference = Compare(*wanted, *shown);
    if (difference.count > 0) return Differing{left, *wanted, *shown, std::move(difference)};
  }
  return std::nullopt;
}

}  // namespace slabhound::graph
