// The collections that a module forces itself: the plain calls of its imports that mean Gc
// (meaning.h). Of a module that may be invalid.
#pragma once

#include <optional>
#include <vector>

#include "wasm/module.h"

namespace slabhound::testcase {

class Collections {
 public:
  explicit Collections(const wasm::Module& module);

  // Whether a function, of the whole index space, is such an import; the first one.
  bool Forces(uint32_t function) const { return function < forces_.size() && forces_[function]; }
  std::optional<uint32_t> first() const;
  // Whether an instruction is such a call.
  bool IsCall(const wasm::Instr& instr) const {
    return instr.op == wasm::Opcode::Call && Forces(instr.a);
  }
  bool HasCall(const wasm::Module& module) const;

 private:
  std::vector<bool> forces_;  // by imported function
};

}  // namespace slabhound::testcase
