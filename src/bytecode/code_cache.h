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
    Key key{linked.module.module.get(), fault, linked};
    if (key_.module == nullptr) {
      entries_.resize(key.module->functions.size());
      key_ = std::move(key);
      return true;
    }
    return key_ == key;
  }
  // By definition. Requires: Serves.
  Entry& At(size_t definition) { return entries_[definition]; }

 private:
  struct Key {
    const wasm::Module* module = nullptr;
    heap::Fault fault = heap::Fault::None;
    Addresses addresses;
    friend bool operator==(const Key&, const Key&) = default;
  };
  Key key_;
  std::vector<Entry> entries_;
};

}  // namespace slabhound::bytecode
