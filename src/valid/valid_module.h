// A module that passed validation, with every type made canonical.
//
// 1. Index spaces here are whole: imports first, then definitions; lengths match the Module's
//    counts.
// 2. ValTypes, HeapTypes and ids in the vectors below are canonical (ids of `types`); those inside
//    Module bodies stay the module's own indices, and Canonical() translates them.
// 3. `types` outlives every ValidModule made with it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/result.h"
#include "wasm/error.h"
#include "wasm/module.h"
#include "wasm/type_store.h"

namespace slabhound::valid {

struct ValidModule {
  std::shared_ptr<const wasm::Module> module;
  wasm::TypeStore* types = nullptr;
  std::vector<wasm::TypeId> type_ids;   // module type index -> canonical id
  std::vector<wasm::TypeId> functions;  // each of a function type
  std::vector<wasm::TableType> tables;
  std::vector<wasm::MemoryType> memories;
  std::vector<wasm::GlobalType> globals;
  std::vector<wasm::TypeId> tags;  // each of a function type

  wasm::HeapType Canonical(wasm::HeapType type) const {
    return type.is_index() ? wasm::HeapType::Index(static_cast<uint32_t>(type_ids[type.index()]))
                           : type;
  }
  wasm::ValType Canonical(wasm::ValType type) const {
    return type.is_ref() ? wasm::ValType::Ref(Canonical(type.heap()), type.nullable()) : type;
  }
};

// The operand stack behind one instruction of a function, for tools that rewrite code.
struct StackNote {
  uint32_t height = 0;
  uint32_t untouched = 0;  // of what the instruction let stand: above it, it put everything there
  wasm::ValType top = wasm::ValType::Bottom;  // canonical; Bottom when the stack is empty
  bool unreachable = false;                   // what follows in this block is dead code
};
using FunctionNotes = std::vector<StackNote>;  // one for each instruction

// An operand that an instruction takes as a type other than its own: a use of subsumption. A branch
// table may take one as several. Types are canonical.
struct Widening {
  uint32_t at = 0;      // the instruction
  uint32_t height = 0;  // of the stack below the operand
  wasm::ValType actual, expected;
};

// What tools that rewrite code want to know of each defined function.
struct Notes {
  std::vector<FunctionNotes> functions;
  std::vector<std::vector<Widening>> widenings;  // in the order in which operands are taken
  // Of each instruction that put several operands on the stack: their canonical types.
  std::vector<std::map<uint32_t, std::vector<wasm::ValType>>> several;
};

// Applies the type rules of spec chapter 3. The first violation in module order is the error.
// `notes`, if wanted, gets those of each defined function.
Result<ValidModule, wasm::Error> Validate(std::shared_ptr<const wasm::Module> module,
                                          wasm::TypeStore& types, Notes& notes);
Result<ValidModule, wasm::Error> Validate(std::shared_ptr<const wasm::Module> module,
                                          wasm::TypeStore& types,
                                          std::vector<FunctionNotes>* notes = nullptr);

}  // namespace slabhound::valid
