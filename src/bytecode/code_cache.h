// CodeCache: what the functions of one module compile to, kept for the next machine that gives the
// module the same addresses.
//
// 1. Bytecode depends on the module, its type store, the addresses it is linked to and the fault;
//    the first ones shown fix them, and others go without.
// 2. A function taken from here costs a machine's budget what compiling it cost.
// Not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "bytecode/bytecode.h"
#include "bytecode/linked_module.h"
#include "heap/fault.h"

namespace slabhound::bytecode {

class CodeCache {
 public:
  struct Entry {
    std::shared_ptr<const Function> code;  // nullptr: not compiled yet
    uint64_t steps = 0;                    // of the budget
  };

  // Requires: the first module shown outlives it.
  bool Serves(const LinkedModule& linked, heap::Fault fault) {
    const wasm::Module* module = linked.module.module.get();
    if (module_ == nullptr) {
      module_ = module;
      fault_ = fault;
      addresses_ = linked;
      entries_.resize(module->functions.size());
    }
    return module_ == module && fault_ == fault && addresses_ == linked;
  }
  // By definition. Requires: Serves.
  Entry& At(size_t definition) { return entries_[definition]; }

 private:
  // What the first ones shown fixed.
  const wasm::Module* module_ = nullptr;
  heap::Fault fault_ = heap::Fault::None;
  Addresses addresses_;
  std::vector<Entry> entries_;
};

}  // namespace slabhound::bytecode
