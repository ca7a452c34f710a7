// How reducers propose many independent changes of one kind: together, in halves, one by one.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "minimizer/reduction.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {

// Tries to apply `count` independent changes to the current test case: all of them, then halves,
// down to each alone; what is accepted stays applied. `make` gives the test case with a sorted
// list of changes applied. True if any was accepted.
bool TrySubsets(Reduction& reduction, size_t count,
                const std::function<testcase::TestCase(const std::vector<size_t>&)>& make);

// The edit that a reducer proposes for one node, if any.
using EditMaker = std::function<std::optional<std::vector<wasm::Instr>>(
    const rewrite::View& view, uint32_t function, const rewrite::Node& node)>;

// Proposes the node's replacement for all nodes, level by level from the outside in: large pieces
// go first. Of open nodes that overlap only the first is asked. True if any was accepted.
bool RewriteNodes(Reduction& reduction, const EditMaker& maker);

}  // namespace slabhound::minimizer
