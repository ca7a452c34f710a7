// How many operands an instruction takes.
#pragma once

#include <cstdint>
#include <span>

#include "wasm/module.h"

namespace slabhound::rewrite {

// What a branch to each enclosing label carries, innermost last; the function's results first.
using LabelArities = std::span<const uint32_t>;

// Of a valid instruction of the module; Else and End have none here.
uint32_t OperandCount(const wasm::Module& module, const wasm::Body& body, const wasm::Instr& instr,
                      LabelArities labels);

struct BlockArity {
  uint32_t params = 0, results = 0;
};
BlockArity ArityOf(const wasm::Module& module, wasm::BlockType type);

}  // namespace slabhound::rewrite
