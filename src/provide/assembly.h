// A module whose imports are being given: definitions take the place of imports, and others join.
//
// 1. Indices are those of the original module until Finish; what is added has indices behind them.
// 2. An import that was given is gone afterwards; all that named it names what it was given.
// 3. Exports, calls and segments mean what they meant; a section of names goes, its indices moved.
// It judges nothing: what is added must be valid where it is put.
#pragma once

#include <array>
#include <map>
#include <set>
#include <vector>

#include "rewrite/references.h"
#include "wasm/builder.h"
#include "wasm/module.h"
#include "wasm/type_store.h"

namespace slabhound::provide {

class Assembly {
 public:
  // Requires: the types of the module are valid.
  explicit Assembly(const wasm::Module& module);

  const wasm::Module& original() const { return original_; }
  const std::vector<wasm::SubType>& types() const { return made_.types; }
  wasm::ValType Canonical(wasm::ValType type) const;
  wasm::FuncType Canonical(const wasm::FuncType& type) const;
  const wasm::FuncType& FuncType(wasm::TypeIdx type) const;

  // Of the original's index spaces.
  const wasm::MemoryType& MemoryType(uint32_t memory) const;
  wasm::TypeIdx TagType(uint32_t tag) const;

  wasm::TypeIdx AddFuncType(const wasm::FuncType& type);
  // One group, which may name itself by the indices that it gets; its first index.
  wasm::TypeIdx AddGroup(std::vector<wasm::SubType> types);

  uint32_t NextFunction() const;  // the index that the next added function gets
  // The function's type is an index of types().
  uint32_t AddFunction(wasm::TypeIdx type, std::vector<wasm::ValType> locals, wasm::Body body);
  uint32_t AddFunctionImport(std::string_view module, std::string_view name, wasm::TypeIdx type);
  uint32_t AddGlobal(wasm::GlobalType type, wasm::Body init);
  uint32_t AddTable(wasm::TableType type);
  uint32_t AddTag(wasm::TypeIdx type);
  uint32_t AddData(ByteSpan bytes);
  void AddExport(std::string_view name, uint32_t function);
  // A body names the function in ref.func.
  void Declare(uint32_t function) { declared_.insert(function); }

  // `index` counts the imports of the kind.
  void GiveFunction(uint32_t index, uint32_t function) { given_functions_[index] = function; }
  void GiveGlobal(uint32_t index, wasm::Body init) { given_globals_[index] = std::move(init); }
  void GiveTable(uint32_t index, wasm::Table table) { given_tables_[index] = std::move(table); }
  void GiveMemory(uint32_t index, wasm::Memory memory) { given_memories_[index] = memory; }

  wasm::Module Finish() &&;

 private:
  struct AddedFunction {
    std::optional<wasm::Import> import;
    wasm::Function function;
  };

  void Intern(uint32_t first, uint32_t count);
  std::vector<uint32_t> NumberFunctions() const;
  // Of a space whose given imports become its first definitions.
  template <typename Given>
  std::vector<uint32_t> Number(wasm::ExternKind kind, const Given& given, size_t added) const;

  const wasm::Module& original_;
  wasm::Module made_;
  wasm::TypeStore store_;
  std::vector<wasm::TypeId> ids_;
  std::vector<AddedFunction> functions_;
  std::vector<wasm::Global> globals_;
  std::vector<wasm::Table> tables_;
  std::vector<wasm::Tag> tags_;
  std::set<uint32_t> declared_;
  bool has_data_ = false;
  std::map<uint32_t, uint32_t> given_functions_;
  std::map<uint32_t, wasm::Body> given_globals_;
  std::map<uint32_t, wasm::Table> given_tables_;
  std::map<uint32_t, wasm::Memory> given_memories_;
};

}  // namespace slabhound::provide
