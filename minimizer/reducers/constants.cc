#include <utility>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/constant_code.h"
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

// Of code, initializers and segments, in one order.
std::vector<wasm::Instr*> ConstantsOf(wasm::Module& module) {
  std::vector<wasm::Instr*> constants;
  const auto add = [&](wasm::Body& body) {
    for (wasm::Instr& instr : body.code) {
      if (Zero(instr)) constants.push_back(&instr);
    }
  };
  for (wasm::Function& function : module.functions) add(function.body);
  for (const rewrite::Initializer& initializer : rewrite::Initializers(module))
    add(*initializer.body);
  for (wasm::ElemSegment& segment : module.elems) add(segment.table_offset);
  for (wasm::DataSegment& segment : module.datas) add(segment.memory_offset);
  return constants;
}

void Set(wasm::Instr& constant, uint64_t bits) { constant = rewrite::Op(constant.op, 0, 0, bits); }

bool SetConstants(Reduction& reduction, std::optional<uint64_t> (*value)(const wasm::Instr&)) {
  testcase::TestCase base = reduction.current();
  std::vector<std::pair<size_t, uint64_t>> changes;
  const std::vector<wasm::Instr*> constants = ConstantsOf(base.module);
  for (size_t i = 0; i < constants.size(); ++i) {
    const auto bits = value(*constants[i]);
    if (bits && IsMore(*constants[i], *bits)) changes.emplace_back(i, *bits);
  }
  return TrySubsets(reduction, changes.size(), 1, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    const std::vector<wasm::Instr*> places = ConstantsOf(candidate.module);
    for (const size_t i : chosen) Set(*places[changes[i].first], changes[i].second);
    return candidate;
  });
}

// The least number that will do: its half did not, so it is looked for between.
void FindLeast(Reduction& reduction, size_t constant) {
  wasm::Module module = reduction.module();
  const wasm::Instr instr = *ConstantsOf(module)[constant];
  const auto half = Halved(instr);
  if (!half || instr.bits < 3) return;
  const auto will_do = [&](uint64_t bits) {
    testcase::TestCase candidate = reduction.current();
    Set(*ConstantsOf(candidate.module)[constant], bits);
    return reduction.Try(std::move(candidate));
  };
  if (!will_do(instr.bits - 1)) return;
  uint64_t too_small = *half, enough = instr.bits - 1;
  while (too_small + 1 < enough && !reduction.Stopped()) {
    const uint64_t middle = too_small + (enough - too_small) / 2;
    (will_do(middle) ? enough : too_small) = middle;
  }
}

}  // namespace

void ReduceConstants(Reduction& reduction) {
  SetConstants(reduction, Zero);
  SetConstants(reduction, One);
  while (SetConstants(reduction, Halved) && !reduction.Stopped()) {
  }
  wasm::Module module = reduction.module();
  const size_t count = ConstantsOf(module).size();
  for (size_t i = 0; i < count && !reduction.Stopped(); ++i) FindLeast(reduction, i);
}

}  // namespace slabhound::minimizer
