// Register bytecode: what the slab engine runs.
//
// 1. Registers are untyped 64-bit words: parameters and locals first, then one temporary for each
// operand-stack
//    position. Whether a word is a traced reference (one the collector follows) is a property of
//    each use and definition, told by the tables, never of the register.
// 2. Bytecode codes are those of wasm::Opcode for instructions taken over unchanged, then the rows
// of bytecode.def.
// 3. Types, fields, functions, tables … are resolved: canonical TypeIds and store addresses of one
// instance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/opcode.h"
#include "wasm/types.h"

namespace slabhound::exec {

enum class Code : uint16_t {
#define SLABHOUND_OP(name, ...) name,
#include "wasm/opcodes.def"
#define SLABHOUND_BYTECODE(name, ...) name,
#include "exec/bytecode.def"
};
inline constexpr size_t kCodeCount = wasm::kOpcodeCount
#define SLABHOUND_BYTECODE(...) +1
#include "exec/bytecode.def"
    ;

struct Op {
  Code code = Code::Trap;
  uint32_t a = 0, b = 0, c = 0;
  uint32_t list = 0, uses = 0,
           defs = 0;  // further operands: Function::operands[list …), uses first
  uint32_t map = 0;   // safepoints: index into Function::maps
  uint64_t imm = 0;
};

// An entry of an operand list: a register and whether it holds a traced reference there.
constexpr uint32_t ListEntry(uint32_t reg, bool traced) { return reg << 1 | (traced ? 1 : 0); }
constexpr uint32_t ListRegister(uint32_t entry) { return entry >> 1; }
constexpr bool ListTraced(uint32_t entry) { return (entry & 1) != 0; }

// Registers that hold live traced references at a safepoint: Function::map_registers[first, first +
// count).
struct StackMap {
  uint32_t first = 0, count = 0;
};

// A catch clause: throws of ops in [begin, end) of a matching exception land at `landing`.
// Innermost clauses first.
struct Handler {
  uint32_t begin = 0, end = 0;
  bool any_tag = false;
  uint32_t tag = 0;  // address
  uint32_t landing = 0;
};

struct Function {
  std::vector<Op> ops;
  std::vector<uint32_t> operands;
  std::vector<uint32_t> targets;  // of branch tables
  std::vector<StackMap> maps;
  std::vector<uint32_t> map_registers;
  std::vector<Handler> handlers;
  uint32_t param_count = 0;
  uint32_t local_count = 0;  // parameters included
  uint32_t register_count = 0;
};

struct CodeInfo {
  std::string_view name;
  std::string_view operands;  // four letters, as in bytecode.def
  char effect;
};
const CodeInfo& Info(Code code);

// Calls visit(register, is_use, is_traced) for each register operand of `op`.
template <typename Visit>
void ForEachOperand(const Function& function, const Op& op, Visit visit) {
  const CodeInfo& info = Info(op.code);
  const uint32_t slots[4] = {op.a, op.b, op.c, static_cast<uint32_t>(op.imm)};
  for (int i = 0; i < 4; ++i) {
    switch (info.operands[static_cast<size_t>(i)]) {
      case 'd':
        visit(slots[i], false, false);
        break;
      case 'D':
        visit(slots[i], false, true);
        break;
      case 'u':
        visit(slots[i], true, false);
        break;
      case 'U':
        visit(slots[i], true, true);
        break;
      default:
        break;
    }
  }
  for (uint32_t i = 0; i < op.uses + op.defs; ++i) {
    const uint32_t entry = function.operands[op.list + i];
    visit(ListRegister(entry), i < op.uses, ListTraced(entry));
  }
}

// One line an op, with stack maps: for tests and for people.
std::string Disassemble(const Function& function);

}  // namespace slabhound::exec
