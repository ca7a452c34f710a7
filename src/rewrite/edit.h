// Edits of function bodies: ranges of code replaced by other code, many in one step.
#pragma once

#include <vector>

#include "rewrite/tree.h"
#include "wasm/module.h"

namespace slabhound::rewrite {

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

inline wasm::Instr Op(wasm::Opcode op, uint32_t a = 0, uint32_t b = 0, uint64_t bits = 0) {
  return {.op = op, .a = a, .b = b, .bits = bits};
}

}  // namespace slabhound::rewrite
