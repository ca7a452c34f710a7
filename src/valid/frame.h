// One entry of the control stack of the validation algorithm (spec appendix A.3), and the type of a
// block.
#pragma once

#include <cstdint>
#include <span>

#include "wasm/opcode.h"
#include "wasm/types.h"

namespace slabhound::valid {

// A block's type with canonical value types: a function type of the store, one result, or nothing.
struct BlockSignature {
  const wasm::FuncType* type = nullptr;
  wasm::ValType result;
  bool has_result = false;

  std::span<const wasm::ValType> params() const {
    return type ? std::span<const wasm::ValType>(type->params) : std::span<const wasm::ValType>();
  }
  // The span may point into this object.
  std::span<const wasm::ValType> results() const {
    if (type) return type->results;
    return {&result, has_result ? 1u : 0u};
  }
};

struct Frame {
  wasm::Opcode op = wasm::Opcode::Block;  // its opener, or what divided it last
  bool unreachable = false;
  uint32_t height = 0;       // of the operand stack below the parameters
  uint32_t init_height = 0;  // of the stack of initialized locals
  BlockSignature signature;

  // What a branch to this frame's label carries.
  std::span<const wasm::ValType> label() const {
    return op == wasm::Opcode::Loop ? signature.params() : signature.results();
  }
};

}  // namespace slabhound::valid
