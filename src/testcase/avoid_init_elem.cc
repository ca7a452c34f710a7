#include "testcase/avoid_init_elem.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>
#include <vector>

namespace slabhound::testcase {
namespace {

using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

// Locals for what one array.init_elem works on; those of one array type share them.
struct Locals {
  uint32_t array, made, to, from, count;
};

class Rewriter {
 public:
  Rewriter(const wasm::Module& module, wasm::Function& function)
      : function_(function),
        locals_(static_cast<uint32_t>(
            std::get<wasm::FuncType>(module.types[function.type].composite).params.size() +
            function.locals.size())) {}

  void Rewrite() {
    for (const Instr& instr : std::exchange(function_.body.code, {})) {
      if (instr.op == Opcode::ArrayInitElem) {
        Replace(instr.a, instr.b);
      } else {
        function_.body.code.push_back(instr);
      }
    }
  }

 private:
  void Emit(Opcode op, uint32_t a, uint32_t b = 0) {
    function_.body.code.push_back({.op = op, .a = a, .b = b});
  }
  void Get(std::initializer_list<uint32_t> locals) {
    for (const uint32_t local : locals) Emit(Opcode::LocalGet, local);
  }
  uint32_t Add(ValType type) {
    function_.locals.push_back(type);
    return locals_++;
  }

  const Locals& LocalsOf(uint32_t type) {
    const auto [found, is_new] = of_type_.try_emplace(type);
    if (is_new) {
      const ValType array = ValType::Ref(wasm::HeapType::Index(type), true);
      found->second = {Add(array), Add(array), Add(ValType::I32), Add(ValType::I32),
                       Add(ValType::I32)};
    }
    return found->second;
  }

  void Replace(uint32_t type, uint32_t segment) {
    const Locals& l = LocalsOf(type);
    for (const uint32_t local : {l.count, l.from, l.to, l.array}) Emit(Opcode::LocalSet, local);
    Get({l.array, l.to, l.array, l.to, l.count});
    Emit(Opcode::ArrayCopy, type, type);
    Get({l.from, l.count});
    Emit(Opcode::ArrayNewElem, type, segment);
    Emit(Opcode::LocalSet, l.made);
    Get({l.array, l.to, l.made});
    function_.body.code.push_back({.op = Opcode::I32Const});
    Get({l.count});
    Emit(Opcode::ArrayCopy, type, type);
  }

  wasm::Function& function_;
  uint32_t locals_;
  std::map<uint32_t, Locals> of_type_;
};

}  // namespace

bool AvoidInitElem(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) {
    if (std::ranges::count(function.body.code, Opcode::ArrayInitElem, &Instr::op) == 0) continue;
    Rewriter(module, function).Rewrite();
    any = true;
  }
  return any;
}

}  // namespace slabhound::testcase
