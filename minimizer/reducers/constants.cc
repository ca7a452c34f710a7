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

// The constant, which stands in code, becomes another in front of the same instruction.
uint64_t ChangeOf(const wasm::Instr* constant, uint64_t bits) {
  return HashOf(HashOf(bits, constant[0]), constant[1]);
}

void SetConstants(Reduction& reduction, std::optional<uint64_t> (*value)(const wasm::Instr&)) {
  testcase::TestCase base = reduction.current();
  std::vector<std::pair<size_t, uint64_t>> values;
  std::vector<uint64_t> changes;
  const std::vector<wasm::Instr*> constants = ConstantsOf(base.module);
  for (size_t i = 0; i < constants.size(); ++i) {
    const auto bits = value(*constants[i]);
    if (!bits || !IsMore(*constants[i], *bits)) continue;
    values.emplace_back(i, *bits);
    changes.push_back(ChangeOf(constants[i], *bits));
  }
  TryChanges(reduction, changes, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    const std::vector<wasm::Instr*> places = ConstantsOf(candidate.module);
    for (const size_t i : chosen) Set(*places[values[i].first], values[i].second);
    return candidate;
  });
}

// The least number that will do: halves, until one does not, then between.
void FindLeast(Reduction& reduction, size_t constant) {
  const auto now = [&] {
    wasm::Module module = reduction.module();
    return *ConstantsOf(module)[constant];
  };
  const auto will_do = [&](uint64_t bits) {
    testcase::TestCase candidate = reduction.current();
    wasm::Instr* place = ConstantsOf(candidate.module)[constant];
    const uint64_t change = ChangeOf(place, bits);
    Set(*place, bits);
    return !reduction.Skips(change) &&
           reduction.TryEach({.count = 1,
                              .at = [&](size_t) { return std::move(candidate); },
                              .change = [&](size_t) { return change; }});
  };
  std::optional<uint64_t> half = Halved(now());
  while (half && will_do(*half)) half = Halved(now());
  const uint64_t bits = now().bits;
  if (!half || bits < 3 || !will_do(bits - 1)) return;
  uint64_t too_small = *half, enough = bits - 1;
  while (too_small + 1 < enough && !reduction.Stopped()) {
    const uint64_t middle = too_small + (enough - too_small) / 2;
    (will_do(middle) ? enough : too_small) = middle;
  }
}

}  // namespace

void ReduceConstants(Reduction& reduction) {
  SetConstants(reduction, Zero);
  SetConstants(reduction, One);
  wasm::Module module = reduction.module();
  const size_t count = ConstantsOf(module).size();
  for (size_t i = 0; i < count && !reduction.Stopped(); ++i) FindLeast(reduction, i);
}

}  // namespace slabhound::minimizer
