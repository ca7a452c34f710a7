// Register bytecode: what the slab engine runs.
//
// 1. Registers are untyped 64-bit words: parameters and locals first, then one temporary for each
//    operand-stack position. Whether a word is a traced reference (one the collector follows) is a
//    property of each use and definition, told by the tables, never of the register.
// 2. Bytecode codes are those of wasm::Opcode for instructions taken over unchanged, then the rows
//    of bytecode.def.
// 3. Types, fields, functions, tables … are resolved: canonical TypeIds and store addresses of one
//    instance.
// 4. A jump's `imm` and the targets of a branch table are distances from the op itself. A jump
//    backward leads to a LoopHeader.
// 5. A field is its distance from the start of its object.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/opcode.h"
#include "wasm/types.h"

namespace slabhound::bytecode {

enum class Code : uint16_t {
#define SLABHOUND_OP(name, ...) name,
#include "wasm/opcodes.def"
#define SLABHOUND_BYTECODE(name, ...) name,
#include "bytecode/bytecode.def"
};
inline constexpr size_t kCodeCount = wasm::kOpcodeCount
#define SLABHOUND_BYTECODE(...) +1
#include "bytecode/bytecode.def"
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

// A catch clause: an exception that matches lands at `landing`.
struct Handler {
  bool any_tag = false;
  uint32_t tag = 0;  // address
  uint32_t landing = 0;
};

// The body of a try_table: what it throws is offered to `count` handlers from `first`, then to the
// region around, which stands before it.
struct TryRegion {
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t first = 0, count = 0;
  uint32_t parent = kNone;
};

// From `begin` to the next segment all ops stand in one innermost region, or in none. Behind a
// region's last op stands one of the region around: its handlers are there.
struct Segment {
  uint32_t begin = 0;
  uint32_t region = TryRegion::kNone;
};

struct Function {
  std::vector<Op> ops;
  std::vector<uint32_t> operands;
  std::vector<int32_t> targets;  // of branch tables
  std::vector<StackMap> maps;
  std::vector<uint32_t> map_registers;
  std::vector<Handler> handlers;
  std::vector<TryRegion> regions;
  std::vector<Segment> segments;  // ascending; ops before the first stand in no region
  uint32_t param_count = 0;
  uint32_t local_count = 0;  // parameters included
  uint32_t register_count = 0;
};

// The innermost region an op stands in, or kNone.
uint32_t RegionAt(const Function& function, uint32_t pc);

// The op that a jump or branch at `pc` leads to.
inline uint32_t TargetOf(const Op& op, uint32_t pc) {
  return static_cast<uint32_t>(pc + static_cast<int64_t>(op.imm));
}

struct CodeInfo {
  std::string_view name;
  std::string_view operands;  // four letters, as in bytecode.def
  char effect = '-';
  uint8_t uses = 0, defs = 0, traced = 0;  // of those letters: a bit each

  // No op follows but by a jump.
  constexpr bool never_goes_on() const {
    return effect == 'J' || effect == 'T' || effect == 'R' || effect == 'X' || effect == 'W';
  }
  constexpr bool may_jump() const { return effect == 'J' || effect == 'B'; }
  constexpr bool may_throw() const { return effect == 'C' || effect == 'X' || effect == 'W'; }
  constexpr bool is_safepoint() const {
    return effect == 'A' || effect == 'S' || effect == 'C' || effect == 'W';
  }
};

namespace internal {

constexpr CodeInfo MakeCodeInfo(std::string_view name, std::string_view operands, char effect) {
  CodeInfo info{name, operands, effect};
  for (unsigned i = 0; i < 4; ++i) {
    const char letter = operands[i];
    if (letter == 'u' || letter == 'U') info.uses |= static_cast<uint8_t>(1u << i);
    if (letter == 'd' || letter == 'D') info.defs |= static_cast<uint8_t>(1u << i);
    if (letter == 'U' || letter == 'D') info.traced |= static_cast<uint8_t>(1u << i);
  }
  return info;
}

// Operand letters of an instruction taken over from Wasm, from its signature "operands:results".
constexpr std::string_view OperandsOf(std::string_view signature) {
  const size_t colon = signature.find(':');
  if (colon == std::string_view::npos) return "----";
  const bool has_result = colon + 1 < signature.size();
  constexpr std::array<std::string_view, 4> kWithResult = {"d---", "du--", "duu-", "duuu"};
  constexpr std::array<std::string_view, 4> kWithout = {"----", "u---", "uu--", "uuu-"};
  return has_result ? kWithResult[colon] : kWithout[colon];
}

inline constexpr std::array<CodeInfo, kCodeCount> kCodes = {
#define SLABHOUND_OP(name, text, prefix, code, immediates, signature, feature, gc) \
  MakeCodeInfo(#name, OperandsOf(signature), '-'),
#include "wasm/opcodes.def"
#define SLABHOUND_BYTECODE(name, operands, effect) MakeCodeInfo(#name, operands, effect),
#include "bytecode/bytecode.def"
};

}  // namespace internal

inline const CodeInfo& Info(Code code) { return internal::kCodes[static_cast<size_t>(code)]; }

// Calls visit(register, is_use, is_traced) for each register operand of `op`.
template <typename Visit>
void ForEachOperand(const Function& function, const Op& op, Visit visit) {
  const CodeInfo& info = Info(op.code);
  const uint32_t slots[4] = {op.a, op.b, op.c, static_cast<uint32_t>(op.imm)};
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned bit = 1u << i;
    if (((info.uses | info.defs) & bit) != 0) {
      visit(slots[i], (info.uses & bit) != 0, (info.traced & bit) != 0);
    }
  }
  for (uint32_t i = 0; i < op.uses + op.defs; ++i) {
    const uint32_t entry = function.operands[op.list + i];
    visit(ListRegister(entry), i < op.uses, ListTraced(entry));
  }
}

// One line an op, with stack maps: for tests and for people.
std::string Disassemble(const Function& function);

}  // namespace slabhound::bytecode
