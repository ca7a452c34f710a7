// How a case is run on an engine of whose failure nothing is known: as a campaign does, as it
// stands, with a collection everywhere, and with collections at some places (engine::FormSpec).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "diff/compare.h"

namespace slabhound::diff {

// The engine alone where its text says how, or where there is no choice.
std::vector<engine::EngineSpec> TriesOf(const engine::EngineSpec& engine);

// The traces of all engines, the first of which is the reference. Each engine becomes the first of
// its tries that is a finding, or its first one. What `instead` gives for an engine, if it gives
// something, is its trace.
std::vector<trace::Trace> RunTries(
    const Prepared& prepared, std::vector<engine::EngineSpec>& engines, const worker::Lab& lab,
    const std::function<std::optional<trace::Trace>(const engine::EngineSpec&)>& instead = {});

}  // namespace slabhound::diff
