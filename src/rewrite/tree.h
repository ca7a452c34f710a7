// A function's flat code seen as a tree: each instruction with the code of its operands.
//
// 1. A node's range [first, last] holds the code of its operands, then the instruction; of a block
//    it ends with the block's End. Nodes stand in the order of `last`, so a parent stands behind
//    its children.
// 2. A closed node's range takes nothing from the stack that was there before it: the range can be
//    replaced by anything that leaves values of the same types. An open one has operands that are
//    a block's parameters or a part of several results.
// 3. Unreachable code has no nodes; `dead` lists it. But what blocks among it hold is code like any
//    other: it has nodes, which belong to the block around all that.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "valid/valid_module.h"
#include "wasm/module.h"

namespace slabhound::rewrite {

inline constexpr uint32_t kNone = UINT32_MAX;

struct Node {
  uint32_t first = 0, last = 0;
  uint32_t at = 0;                 // the instruction; of a block its opener
  uint32_t else_at = kNone;        // of an `if` with one; of a legacy `try` its first clause
  std::vector<uint32_t> operands;  // nodes in order, kNone for those of no node
  uint32_t result_count = 0;
  wasm::ValType type = wasm::ValType::Bottom;  // canonical, of the last result
  uint32_t parent = kNone;                     // the consumer, or the block around a statement
  uint32_t level = 0;                          // 0: no parent
  bool closed = true;
  bool diverges = false;  // what is behind it in its block is unreachable
  bool is_left =
      false;  // where the code behind it becomes unreachable, its results are still there
};

struct Range {
  uint32_t first = 0, end = 0;  // without `end`
};

// Of what ends with an End or Delegate of its own.
inline bool OpensBlock(wasm::Opcode op) {
  using wasm::Opcode;
  return op == Opcode::Block || op == Opcode::Loop || op == Opcode::If || op == Opcode::TryTable ||
         op == Opcode::LegacyTry;
}

// The openers of the blocks that are open in front of `at`, the innermost last.
std::vector<uint32_t> OpenersAround(const std::vector<wasm::Instr>& code, uint32_t at);

struct Tree {
  std::vector<Node> nodes;
  std::vector<Range> dead;
  uint32_t levels = 0;
};

// `notes` are those of the function's validation.
Tree ParseTree(const wasm::Module& module, const wasm::Function& function,
               const valid::FunctionNotes& notes);

}  // namespace slabhound::rewrite
