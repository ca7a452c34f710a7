// The code of initializers as trees: straight code, where each instruction leaves one value.
#pragma once

#include <optional>
#include <vector>

#include "wasm/module.h"

namespace slabhound::rewrite {

struct ConstantNode {
  uint32_t first = 0, at = 0;      // [first, at] holds the operands' code, then the instruction
  std::vector<uint32_t> operands;  // nodes
  uint32_t level = 0;              // 0: the value of the whole
};

// In the order of `at`: the root is the last. Requires: valid.
std::vector<ConstantNode> ParseConstant(const wasm::Module& module, const wasm::Body& body);

// Initializers of globals, tables and element segments, in this order, each with the type that its
// value has to have.
struct Initializer {
  wasm::Body* body = nullptr;
  wasm::ValType type;
};
std::vector<Initializer> Initializers(wasm::Module& module);

// The type that the n-th operand has to have, where a type of the module says so.
std::optional<wasm::ValType> OperandType(const wasm::Module& module, const wasm::Instr& instr,
                                         size_t nth);

}  // namespace slabhound::rewrite
