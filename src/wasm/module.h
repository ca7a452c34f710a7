// A decoded module: plain data, exactly what the binary or the text said, nothing resolved and
// nothing checked.
//
// 1. Index spaces are the specification's: imports come first, then definitions. `functions`,
//    `tables`, … hold definitions only; the counts below add the imports.
// 2. A Body is flat: structured instructions are matched by Block/Loop/If/TryTable … End. Every
//    Body that a decoder or reader made ends with its own End and is well nested (depth never
//    negative, 0 at the end).
// 3. Variable-length immediates live in the Body's pools and are addressed by (first, count):
//    immediates.def.
// 4. Sizes are bounded by limits.h, whatever the input.
// Decoding, encoding, validation and printing are functions elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "wasm/opcode.h"
#include "wasm/types.h"
#include "wasm/vector.h"

namespace slabhound::wasm {

struct Instr {
  Opcode op = Opcode::Nop;
  uint32_t offset =
      0;  // where it stands in the source (binary or text), for messages; 0 when built
  uint32_t a = 0, b = 0;
  uint64_t bits = 0;
};
static_assert(sizeof(Instr) == 24);

// The 16 bytes of v128.const and i8x16.shuffle.
inline V128 VectorOf(const Instr& instr) { return {instr.bits, uint64_t{instr.b} << 32 | instr.a}; }
inline void SetVector(Instr& instr, V128 vector) {
  instr.bits = vector.low;
  instr.a = static_cast<uint32_t>(vector.high);
  instr.b = static_cast<uint32_t>(vector.high >> 32);
}

// Of a load or store: log2 of its alignment, and the lane where it names one.
inline uint32_t AccessAlign(const Instr& instr) { return instr.b & 0xff; }
inline uint32_t AccessLane(const Instr& instr) { return instr.b >> 8; }

// Of br_on_cast and br_on_cast_fail: the type that the operand has, and the one asked for.
inline ValType CastSource(const Instr& instr) { return ValType::FromBits(instr.b); }
inline ValType CastTarget(const Instr& instr) {
  return ValType::FromBits(static_cast<uint32_t>(instr.bits));
}

enum class CatchKind : uint8_t { Catch, CatchRef, CatchAll, CatchAllRef };  // binary codes 0 to 3
struct CatchClause {
  CatchKind kind = CatchKind::Catch;
  uint32_t tag = 0;  // unused by the catch_all kinds
  uint32_t label = 0;
  friend bool operator==(const CatchClause&, const CatchClause&) = default;
};

struct Body {
  std::vector<Instr> code;
  std::vector<uint32_t> labels;  // br_table targets
  std::vector<ValType> types;    // typed select
  std::vector<CatchClause> catches;
};

struct Limits {
  uint64_t min = 0;
  std::optional<uint64_t> max;
  bool is_64 = false;  // the address type: i64 instead of i32
  friend bool operator==(const Limits&, const Limits&) = default;
};

struct TableType {
  ValType element;
  Limits limits;
  friend bool operator==(const TableType&, const TableType&) = default;
};
struct MemoryType {
  Limits limits;  // in pages of 64 KiB
  friend bool operator==(const MemoryType&, const MemoryType&) = default;
};
struct GlobalType {
  ValType type;
  bool is_mutable = false;
  friend bool operator==(const GlobalType&, const GlobalType&) = default;
};
struct TagType {
  TypeIdx type = 0;
  friend bool operator==(const TagType&, const TagType&) = default;
};
struct FuncRef {  // an imported function: its type by index
  TypeIdx type = 0;
  friend bool operator==(const FuncRef&, const FuncRef&) = default;
};

enum class ExternKind : uint8_t { Func, Table, Memory, Global, Tag };  // binary codes 0 to 4

// Alternatives in the order of ExternKind.
using ImportType = std::variant<FuncRef, TableType, MemoryType, GlobalType, TagType>;

struct Import {
  std::string module, name;
  ImportType type;
  uint32_t offset = 0;
  ExternKind kind() const { return static_cast<ExternKind>(type.index()); }
};

struct Function {
  TypeIdx type = 0;
  std::vector<ValType> locals;  // declared ones, without the parameters
  Body body;
  uint32_t offset = 0;
};
struct Table {
  TableType type;
  std::optional<Body> init;  // absent: null
  uint32_t offset = 0;
};
struct Memory {
  MemoryType type;
  uint32_t offset = 0;
};
struct Global {
  GlobalType type;
  Body init;
  uint32_t offset = 0;
};
struct Tag {
  TagType type;
  uint32_t offset = 0;
};

struct Export {
  std::string name;
  ExternKind kind = ExternKind::Func;
  uint32_t index = 0;
  uint32_t offset = 0;
};

enum class SegmentMode : uint8_t { Active, Passive, Declarative };

struct ElemSegment {
  SegmentMode mode = SegmentMode::Passive;
  uint32_t table = 0;  // Active only
  Body table_offset;   // Active only
  ValType type;
  std::vector<Body> items;       // a plain function index is the body `ref.func x end`
  bool plain_functions = false;  // written as function indices (type is then (ref func))
  uint32_t offset = 0;
};
struct DataSegment {
  SegmentMode mode = SegmentMode::Passive;  // never Declarative
  uint32_t memory = 0;                      // Active only
  Body memory_offset;                       // Active only
  Bytes bytes;
  uint32_t offset = 0;
};

struct CustomSection {
  std::string name;
  Bytes bytes;
};

// A recursion group is a run of Module::types.
struct RecGroup {
  uint32_t first = 0, count = 0;
  bool is_explicit = true;  // written as `rec`; a single type may be written bare
};

struct Module {
  std::vector<SubType> types;
  std::vector<RecGroup> rec_groups;  // cover `types` without gaps, in order
  std::vector<uint32_t>
      type_offsets;  // where each of `types` stands in the source; empty when built
  std::vector<Import> imports;
  std::vector<Function> functions;
  std::vector<Table> tables;
  std::vector<Memory> memories;
  std::vector<Tag> tags;
  std::vector<Global> globals;
  std::vector<Export> exports;
  std::optional<uint32_t> start;
  uint32_t start_offset = 0;
  std::vector<ElemSegment> elems;
  std::vector<DataSegment> datas;
  std::optional<uint32_t> data_count;  // the DataCount section, as written
  std::vector<CustomSection> customs;  // kept in order, written after all other sections

  uint32_t ImportCount(ExternKind kind) const;
  // The type index of function `index` of the whole index space. Requires: in range.
  TypeIdx FunctionTypeIdx(uint32_t index) const;
  uint32_t FunctionCount() const {
    return ImportCount(ExternKind::Func) + static_cast<uint32_t>(functions.size());
  }
  uint32_t TableCount() const {
    return ImportCount(ExternKind::Table) + static_cast<uint32_t>(tables.size());
  }
  uint32_t MemoryCount() const {
    return ImportCount(ExternKind::Memory) + static_cast<uint32_t>(memories.size());
  }
  uint32_t GlobalCount() const {
    return ImportCount(ExternKind::Global) + static_cast<uint32_t>(globals.size());
  }
  uint32_t TagCount() const {
    return ImportCount(ExternKind::Tag) + static_cast<uint32_t>(tags.size());
  }
  const Export* FindExport(std::string_view name) const;
};

}  // namespace slabhound::wasm
