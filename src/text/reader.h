// Reader: the parser of one module's fields. Internal to the text room; text/wat.h and
// script/script.h use it.
//
// Three passes over the tokens: names and indices of all spaces; the type definitions; everything
// else in order, with function types that are only written inline appended as they come
// (spec 6.6.13).
#pragma once

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "text/cursor.h"
#include "wasm/module.h"

namespace slabhound::text {

// Index spaces with names; locals, labels and fields have scopes of their own.
enum class Space : uint8_t { Type, Func, Table, Memory, Global, Tag, Elem, Data };
inline constexpr size_t kSpaceCount = 8;

// The space of `func`, `table`, `memory`, `global`, `tag`; nothing for other words.
std::optional<Space> SpaceOf(std::string_view keyword);

// ExternKind has the order of the spaces from Func to Tag.
inline wasm::ExternKind KindOf(Space space) {
  return static_cast<wasm::ExternKind>(static_cast<uint8_t>(space) -
                                       static_cast<uint8_t>(Space::Func));
}

class Reader {
 public:
  explicit Reader(const Tokens& tokens) : in_(tokens) {}

  // Fields from token `place` up to the `)` or end behind them.
  Result<wasm::Module, wasm::Error> ReadFields(size_t place);

 private:
  using Names = std::map<std::string_view, uint32_t>;

  // reader.cc: passes, names and indices.
  void CollectNames();
  void CollectField(bool& defined);
  void Define(Space space, uint32_t offset, std::string_view name);
  void ReadField();
  bool AtIndex() const { return in_.Peek().kind == TokenKind::Id || in_.AtNumber(); }
  uint32_t ReadIndex(Space space);
  uint32_t ReadOptionalIndex(Space space) { return AtIndex() ? ReadIndex(space) : 0; }
  uint32_t Resolve(const Names& names, std::string_view what);
  uint32_t& Count(Space space) { return counts_[static_cast<size_t>(space)]; }

  // reader_definitions.cc
  void ReadImport();
  void ReadFunc();
  void ReadTable();
  void ReadMemory();
  void ReadGlobal();
  void ReadTag();
  wasm::ImportType ReadExternType(wasm::ExternKind kind);
  // The id and inline exports of a field; false: it was an inline import, and is read.
  bool BeginDefinition(Space space, uint32_t offset);

  // reader_segments.cc
  void ReadExport();
  void ReadStart();
  void ReadElem();
  void ReadData();
  void ReadCustom(const CustomTokens& custom);
  void ReadElemList(wasm::ElemSegment& segment, bool allow_bare);
  void ReadElemItem(wasm::ElemSegment& segment);
  void ReadElemFunctions(wasm::ElemSegment& segment);
  wasm::Body ReadOffset();
  std::string ReadName(std::string_view what);
  Bytes ReadStrings();

  // reader_types.cc
  void ReadTypes();
  void ReadTypeField();
  wasm::SubType ReadSubType(uint32_t index);
  wasm::CompositeType ReadComposite(uint32_t index);
  wasm::FieldType ReadFieldType();
  wasm::StorageType ReadStorageType();
  wasm::ValType ReadValType();
  wasm::ValType ReadRefType();
  bool AtRefType() const;
  wasm::HeapType ReadHeapType();
  wasm::Limits ReadLimits();
  bool ReadAddressType();
  wasm::TableType ReadTableType();
  wasm::GlobalType ReadGlobalType();
  // Parameters and results; `names` collects the parameters' names where they are allowed.
  wasm::FuncType ReadSignature(std::vector<std::string_view>* names);
  wasm::TypeIdx ReadTypeUse(std::vector<std::string_view>* names);
  wasm::TypeIdx TypeFor(const wasm::FuncType& signature);
  wasm::BlockType ReadBlockType();

  // reader_code.cc
  struct Code {
    wasm::Body body;
    Names locals;
    std::vector<std::string_view> labels;  // empty: without a name
    uint32_t folded_depth = 0;
  };
  wasm::Body ReadExpression();        // up to `)`
  wasm::Body ReadFoldedExpression();  // one folded instruction
  void ReadInstructions(Code& code);  // up to `)`, an unmatched `end` or `else` is an error
  void ReadFolded(Code& code);
  void ReadPlain(Code& code);
  wasm::Instr ReadHead(Code& code);  // opcode and immediates
  void ReadImmediates(Code& code, wasm::Instr& instr);
  void BeginBlock(Code& code, wasm::Instr& instr);
  void EndBlock(Code& code, uint32_t offset);
  void CheckLabelName(const Code& code);
  void ReadCatches(Code& code, wasm::Instr& instr);
  bool AtLegacyClause(wasm::Opcode before) const;
  wasm::Opcode ReadLegacyClause(Code& code);
  void ReadLegacyTry(Code& code);
  void ReadMemArg(wasm::Instr& instr);
  uint32_t ReadLane();
  uint32_t ReadLabel(const Code& code);
  uint32_t ReadLocal(const Code& code);
  uint32_t ReadFieldIndex(uint32_t type);
  void Emit(Code& code, wasm::Instr instr) { code.body.code.push_back(instr); }

  Cursor in_;
  size_t first_ = 0;
  wasm::Module module_;
  std::array<Names, kSpaceCount> names_;
  std::array<uint32_t, kSpaceCount>
      counts_{};                    // while collecting: the next index; while reading: likewise
  std::vector<Names> field_names_;  // by type
};

}  // namespace slabhound::text
