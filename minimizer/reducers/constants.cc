#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"

namespace slabhound::minimizer {
namespace {

using wasm::Opcode;

std::optional<uint64_t> Halved(const wasm::Instr& instr) {
  switch (instr.op) {
    case Opcode::I32Const:
    case Opcode::I64Const:
      return instr.bits / 2;
    default:
      return std::nullopt;
  }
}

std::optional<uint64_t> One(const wasm::Instr& instr) {
  switch (instr.op) {
    case Opcode::I32Const:
    case Opcode::I64Const:
      return 1;
    case Opcode::F32Const:
      return 0x3f800000;
    case Opcode::F64Const:
      return 0x3ff0000000000000;
    default:
      return std::nullopt;
  }
}

std::optional<uint64_t> Zero(const wasm::Instr& instr) {
  const bool has_zero = One(instr) || instr.op == Opcode::V128Const;
  return has_zero ? std::optional<uint64_t>(0) : std::nullopt;
}

bool IsMore(const wasm::Instr& instr, uint64_t bits) {
  return bits < instr.bits || (instr.op == Opcode::V128Const && VectorOf(instr).high != 0);
}

bool SetConstants(Reduction& reduction, std::optional<uint64_t> (*value)(const wasm::Instr&)) {
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < reduction.module().functions.size(); ++f) {
    const auto& code = reduction.module().functions[f].body.code;
    for (uint32_t i = 0; i < code.size(); ++i) {
      const auto bits = value(code[i]);
      if (bits && IsMore(code[i], *bits)) {
        edits.push_back({f, {i, i + 1}, {rewrite::Op(code[i].op, 0, 0, *bits)}});
      }
    }
  }
  return TryEdits(reduction, edits);
}

}  // namespace

void ReduceConstants(Reduction& reduction) {
  SetConstants(reduction, Zero);
  SetConstants(reduction, One);
  while (SetConstants(reduction, Halved) && !reduction.Stopped()) {
  }
}

}  // namespace slabhound::minimizer
