// The cells of a module, and where in its code they stand.
#pragma once

#include <cstdint>
#include <vector>

#include "bytecode/linked_module.h"
#include "reach/cell.h"
#include "valid/valid_module.h"

namespace slabhound::reach {

struct CodeSites {
  bytecode::Sites sites;  // by definition and instruction: IndexOf a cell, or kNoSite
  std::vector<uint32_t>
      anywhere;  // cells by index, ascending: of those, and of constant expressions
};

// Dead code has none. Of constant expressions what takes its type from an operand is left out.
CodeSites SitesOf(const valid::ValidModule& module);

}  // namespace slabhound::reach
