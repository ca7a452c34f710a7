// Edits of function bodies: ranges of code replaced by other code, many in one step.
#pragma once

#include <functional>
#include <vector>

#include "minimizer/reduction.h"
#include "minimizer/tree.h"

namespace slabhound::minimizer {

struct Edit {
  uint32_t function = 0;  // a definition: an index of Module::functions
  Range range;
  std::vector<wasm::Instr> with;
};

// Applies edits; requires: sorted by (function, range), ranges of one function do not overlap, and
// pools named by `with` are in place.
wasm::Module ApplyEdits(wasm::Module module, const std::vector<Edit>& edits);

// Edits sorted, without those that overlap one before them.
std::vector<Edit> Outermost(std::vector<Edit> edits);

// Everything that makers of edits need to know of one module.
struct View {
  std::shared_ptr<const wasm::Module> module;
  std::unique_ptr<wasm::TypeStore> types;
  valid::ValidModule valid;
  std::vector<Tree> trees;  // one for each function definition
};
// Requires: the module is valid.
View MakeView(const wasm::Module& module);

// Tries to apply `count` independent changes to the current test case: all of them, then halves,
// down to each alone; what is accepted stays applied. `make` gives the test case with a sorted
// list of changes applied. True if any was accepted.
bool TrySubsets(Reduction& reduction, size_t count,
                const std::function<testcase::TestCase(const std::vector<size_t>&)>& make);

// The edit that a reducer proposes for one node, if any.
using EditMaker = std::function<std::optional<std::vector<wasm::Instr>>(
    const View& view, uint32_t function, const Node& node)>;

// Proposes the node's replacement for all nodes, level by level from the outside in: large pieces
// go first. Of open nodes that overlap only the first is asked. True if any was accepted.
bool RewriteNodes(Reduction& reduction, const EditMaker& maker);

// Values of the result types by default: null, zero, i31 0, a new default object; a trap otherwise.
// Requires: canonical types.
std::vector<wasm::Instr> DefaultOf(wasm::ValType type, const View& view);

inline wasm::Instr Op(wasm::Opcode op, uint32_t a = 0, uint32_t b = 0, uint64_t bits = 0) {
  return {.op = op, .a = a, .b = b, .bits = bits};
}

}  // namespace slabhound::minimizer
