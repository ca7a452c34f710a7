// Where each structured instruction of a function body ends: the continuations of its labels.
#pragma once

#include <cstdint>
#include <vector>

#include "wasm/module.h"

namespace slabhound::oracle {

struct BlockExtent {
  uint32_t end = 0;        // the matching `end`
  uint32_t otherwise = 0;  // the matching `else` of an `if`; 0: none
};

// Indexed by the position of the structured instruction; other positions hold zeros.
using BlockMap = std::vector<BlockExtent>;

// Requires: the body is well nested.
BlockMap MapBlocks(const wasm::Body& body);

}  // namespace slabhound::oracle
