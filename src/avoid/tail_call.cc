// For engines in which a tail call leaves operands of its frame on the stack, or fails where the
// function has locals (spec 4.6.2, return_call): it becomes a call and a return.
//
// A tail call inside of try_table stays: what its callee throws must not be caught there. Portable
// forms count depth themselves, tail calls as what they were; a long chain of such calls may need
// more stack than the engine has, which is a limit of the engine.
#include <optional>
#include <utility>
#include <vector>

#include "avoid/avoid.h"

namespace slabhound::avoid {
namespace {

using wasm::Instr;
using wasm::Opcode;

std::optional<Opcode> PlainCall(Opcode op) {
  switch (op) {
    case Opcode::ReturnCall:
      return Opcode::Call;
    case Opcode::ReturnCallIndirect:
      return Opcode::CallIndirect;
    case Opcode::ReturnCallRef:
      return Opcode::CallRef;
    default:
      return std::nullopt;
  }
}

bool Rewrite(wasm::Body& body) {
  bool any = false;
  std::vector<bool> caught = {false};  // of each open block: is it inside of try_table
  std::vector<Instr> code;
  for (Instr instr : std::exchange(body.code, {})) {
    switch (instr.op) {
      case Opcode::Block:
      case Opcode::Loop:
      case Opcode::If:
        caught.push_back(caught.back());
        break;
      case Opcode::TryTable:
        caught.push_back(true);
        break;
      case Opcode::End:
        caught.pop_back();
        break;
      default:
        break;
    }
    const auto call = PlainCall(instr.op);
    if (!call || caught.back()) {
      code.push_back(instr);
      continue;
    }
    instr.op = *call;
    code.push_back(instr);
    code.push_back({.op = Opcode::Return});
    any = true;
  }
  body.code = std::move(code);
  return any;
}

}  // namespace

bool AvoidTailCall(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) any |= Rewrite(function.body);
  return any;
}

}  // namespace slabhound::avoid
