// How reducers propose many independent changes of one kind: together, in parts, one by one.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "minimizer/reduction.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {

// A test case with a sorted list of changes applied.
using Maker = std::function<testcase::TestCase(const std::vector<size_t>&)>;

// Tries to apply independent changes to the current test case: all of them, then parts of about the
// same weight, down to each alone; what is accepted stays applied. A weight is about the bytes that
// a change saves: what the round has no turn for is left out. True if any was accepted.
bool TrySubsets(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make);
// The same where each change weighs `weight`.
bool TrySubsets(Reduction& reduction, size_t count, uint64_t weight, const Maker& make);

// The same for small changes, of which is said what they are (Proposals::change), so that one that
// failed waits until others are through.
bool TryChanges(Reduction& reduction, std::span<const uint64_t> changes, const Maker& make);
// For what a change of code is.
uint64_t HashOf(uint64_t hash, const wasm::Instr& instr);

// The same for edits of the current module.
bool TryEdits(Reduction& reduction, const std::vector<rewrite::Edit>& edits);

// The edit that a reducer proposes for one node, if any.
using EditMaker = std::function<std::optional<std::vector<wasm::Instr>>(
    const rewrite::View& view, uint32_t function, const rewrite::Node& node)>;

// Proposes the node's replacement for all nodes, level by level from the outside in: large pieces
// go first. Of open nodes that overlap only the first is asked. True if any was accepted.
bool RewriteNodes(Reduction& reduction, const EditMaker& maker);

}  // namespace slabhound::minimizer
