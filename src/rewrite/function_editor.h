// Rewriting a function's code instruction by instruction, with locals of one's own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <variant>
#include <vector>

#include "wasm/module.h"

namespace slabhound::rewrite {

class FunctionEditor {
 public:
  // Requires: the function's type is one of the module's.
  FunctionEditor(const wasm::Module& module, wasm::Function& function)
      : function_(function),
        locals_(static_cast<uint32_t>(
            std::get<wasm::FuncType>(module.types[function.type].composite).params.size() +
            function.locals.size())) {}

  // Each instruction `op` goes, and `replace(instruction)` emits what takes its place. Whether
  // there was one.
  template <typename Replace>
  bool ReplaceEach(wasm::Opcode op, Replace replace) {
    if (std::ranges::count(function_.body.code, op, &wasm::Instr::op) == 0) return false;
    for (const wasm::Instr& instr : std::exchange(function_.body.code, {})) {
      if (instr.op == op) {
        replace(instr);
      } else {
        function_.body.code.push_back(instr);
      }
    }
    return true;
  }

  // Each instruction goes, and `replace(instruction)` emits what takes its place.
  template <typename Replace>
  void ReplaceAll(Replace replace) {
    for (const wasm::Instr& instr : std::exchange(function_.body.code, {})) replace(instr);
  }

  void Emit(const wasm::Instr& instr) { function_.body.code.push_back(instr); }
  void Emit(wasm::Opcode op, uint32_t a = 0, uint32_t b = 0, uint64_t bits = 0) {
    Emit({.op = op, .a = a, .b = b, .bits = bits});
  }
  void Get(std::initializer_list<uint32_t> locals) {
    for (const uint32_t local : locals) Emit(wasm::Opcode::LocalGet, local);
  }

  uint32_t AddLocal(wasm::ValType type) {
    function_.locals.push_back(type);
    return locals_++;
  }

 private:
  wasm::Function& function_;
  uint32_t locals_;
};

}  // namespace slabhound::rewrite
