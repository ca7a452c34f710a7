#include "bytecode/bytecode.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::bytecode {
uint32_t RegionAt(const Function& function, uint32_t pc) {
  const auto next = std::ranges::upper_bound(function.segments, pc, {}, &Segment::begin);
  return next == function.segments.begin() ? TryRegion::kNone : std::prev(next)->region;
}

std::string Disassemble(const Function& function) {
  std::string text;
  for (size_t pc = 0; pc < function.ops.size(); ++pc) {
    const Op& op = function.ops[pc];
    const CodeInfo& info = Info(op.code);
    text += fmt::format("{:3} {}", pc, info.name);
    ForEachOperand(function, op, [&](uint32_t reg, bool is_use, bool traced) {
      text += fmt::format(" {}{}{}", is_use ? "" : "=", traced ? "r" : "n", reg);
    });
    if (info.may_jump()) text += fmt::format(" -> {}", TargetOf(op, static_cast<uint32_t>(pc)));
    if (info.is_safepoint()) {
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

}  // namespace slabhound::bytecode
