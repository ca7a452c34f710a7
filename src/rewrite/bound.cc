#include "rewrite/bound.h"

#include "rewrite/edit.h"

namespace slabhound::rewrite {
namespace {

using wasm::Opcode;

std::vector<wasm::Instr> TakeTurn(uint32_t counter) {
  return {
      Op(Opcode::GlobalGet, counter), Op(Opcode::I32Eqz), Op(Opcode::If, wasm::BlockType().bits()),
      Op(Opcode::Unreachable),        Op(Opcode::End),    Op(Opcode::GlobalGet, counter),
      Op(Opcode::I32Const, 0, 0, 1),  Op(Opcode::I32Sub), Op(Opcode::GlobalSet, counter)};
}

bool CallsAnything(const wasm::Body& body) {
  for (const wasm::Instr& instr : body.code) {
    const auto kind = wasm::Info(instr.op).immediates;
    if (kind == wasm::Immediates::Func && instr.op != Opcode::RefFunc) return true;
    if (kind == wasm::Immediates::TypeTable || instr.op == Opcode::CallRef ||
        instr.op == Opcode::ReturnCallRef) {
      return true;
    }
  }
  return false;
}

}  // namespace

wasm::Module Bounded(const wasm::Module& source, uint32_t turns) {
  const uint32_t counter = source.GlobalCount();
  std::vector<Edit> edits;
  for (uint32_t f = 0; f < source.functions.size(); ++f) {
    const wasm::Body& body = source.functions[f].body;
    if (CallsAnything(body)) edits.push_back({f, {0, 0}, TakeTurn(counter)});
    for (uint32_t i = 0; i < body.code.size(); ++i) {
      if (body.code[i].op == Opcode::Loop) edits.push_back({f, {i + 1, i + 1}, TakeTurn(counter)});
    }
  }
  wasm::Module module = ApplyEdits(source, edits);
  wasm::Global global{.type = {wasm::ValType::I32, true}, .init = {}};
  global.init.code = {Op(Opcode::I32Const, 0, 0, turns), Op(Opcode::End)};
  module.globals.push_back(std::move(global));
  return module;
}

}  // namespace slabhound::rewrite
