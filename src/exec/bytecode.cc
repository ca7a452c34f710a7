#include "exec/bytecode.h"

#include <fmt/format.h>

#include <array>

namespace slabhound::exec {
namespace {

// Operand letters of an instruction taken over from Wasm, from its signature "operands:results".
constexpr std::string_view OperandsOf(std::string_view signature) {
  const size_t colon = signature.find(':');
  if (colon == std::string_view::npos) return "----";
  const bool has_result = colon + 1 < signature.size();
  constexpr std::array<std::string_view, 4> kWithResult = {"d---", "du--", "duu-", "duuu"};
  constexpr std::array<std::string_view, 4> kWithout = {"----", "u---", "uu--", "uuu-"};
  return has_result ? kWithResult[colon] : kWithout[colon];
}

constexpr std::array<CodeInfo, kCodeCount> kCodes = {
#define SLABHOUND_OP(name, text, prefix, code, immediates, signature, feature, gc) \
  CodeInfo{#name, OperandsOf(signature), '-'},
#include "wasm/opcodes.def"
#define SLABHOUND_BYTECODE(name, operands, effect) CodeInfo{#name, operands, effect},
#include "exec/bytecode.def"
};

}  // namespace

const CodeInfo& Info(Code code) { return kCodes[static_cast<size_t>(code)]; }

std::string Disassemble(const Function& function) {
  std::string text;
  for (size_t pc = 0; pc < function.ops.size(); ++pc) {
    const Op& op = function.ops[pc];
    const CodeInfo& info = Info(op.code);
    text += fmt::format("{:3} {}", pc, info.name);
    ForEachOperand(function, op, [&](uint32_t reg, bool is_use, bool traced) {
      text += fmt::format(" {}{}{}", is_use ? "" : "=", traced ? "r" : "n", reg);
    });
    if (info.effect == 'J' || info.effect == 'B') text += fmt::format(" -> {}", op.imm);
    if (std::string_view("ACSW").find(info.effect) != std::string_view::npos) {
      text += " {";
      const StackMap& map = function.maps[op.map];
      for (uint32_t i = 0; i < map.count; ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : " ", function.map_registers[map.first + i]);
      }
      text += "}";
    }
    text += "\n";
  }
  return text;
}

}  // namespace slabhound::exec
