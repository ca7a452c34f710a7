// Opcodes and what the tables say of them: opcodes.def, immediates.def and features.def as enums
// and rows.
//
// 1. Enumerators are dense and in table order: row i describes enumerator i.
// 2. Nothing here is written by hand that a table says; a second list of opcodes is a bug.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace slabhound::wasm {

enum class Opcode : uint16_t {
#define SLABHOUND_OP(name, ...) name,
#include "wasm/opcodes.def"
};

enum class Feature : uint8_t {
#define SLABHOUND_FEATURE(name, ...) name,
#include "wasm/features.def"
};

enum class Immediates : uint8_t {
#define SLABHOUND_IMMEDIATES(name, ...) name,
#include "wasm/immediates.def"
};

enum class ImmediateKind : uint8_t {
  Nothing,
  BlockType,
  Label,
  Func,
  Type,
  Table,
  Local,
  Global,
  Elem,
  Data,
  Memory,
  Tag,
  Field,
  Count,
  Heap,
  Align,
  Offset,
  I32,
  I64,
  F32,
  F64,
  V128,
  Lanes,
  Lane,
  Labels,
  Types,
  Catches,
  RefTypes,
};

enum class GcEffect : uint8_t { None, Allocates, Safepoint };

struct ImmediatesInfo {
  std::string_view name;
  ImmediateKind first, second, third;
};

struct OpcodeInfo {
  std::string_view name;  // the enumerator
  std::string_view text;  // the mnemonic
  uint8_t prefix;         // 0: none
  uint16_t code;          // behind the prefix, if any
  Immediates immediates;
  std::string_view signature;  // "operands:results", "*2" or "*+1"
  Feature feature;
  GcEffect gc;
  bool is_run;  // by the engines of this process

  constexpr bool has_types() const { return signature.front() != '*'; }
  // How many operands it takes, but for those that its immediate names.
  constexpr uint32_t operand_count() const {
    return static_cast<uint32_t>(has_types() ? signature.find(':') : signature.back() - '0');
  }
  constexpr bool names_operands() const { return signature.starts_with("*+"); }
};

std::span<const OpcodeInfo> AllOpcodes();
const OpcodeInfo& Info(Opcode op);
const ImmediatesInfo& Info(Immediates immediates);
std::string_view FeatureName(Feature feature);

// The instruction with this encoding, if the profile has it.
std::optional<Opcode> FindOpcode(uint8_t prefix, uint32_t code);

// The first row with this mnemonic (`select` and `ref.test` have two: the reader picks by what
// follows).
std::optional<Opcode> FindMnemonic(std::string_view text);

// Bytes a memory access touches: 1, 2, 4, 8 or 16; 0 for an opcode that is no load or store.
uint32_t AccessBytes(Opcode op);
// Whether a load or store names a lane.
bool AccessesLane(Opcode op);
// How many lanes an instruction that names one may choose from; 0: it names none.
uint32_t LaneCount(Opcode op);

inline constexpr size_t kOpcodeCount = 0
#define SLABHOUND_OP(...) +1
#include "wasm/opcodes.def"
    ;

}  // namespace slabhound::wasm
