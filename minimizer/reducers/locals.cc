#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/function_type.h"
#include "wasm/names.h"

namespace slabhound::minimizer {
namespace {

bool NamesLocal(const wasm::Instr& instr) {
  return wasm::Info(wasm::Info(instr.op).immediates).first == wasm::ImmediateKind::Local;
}

// Drops declared locals that no instruction names, and orders the others by type: runs of one type
// are one entry of the file.
void TidyLocals(wasm::Module& module, uint32_t f) {
  wasm::Function& function = module.functions[f];
  const size_t params = rewrite::FunctionType(module, f).params.size();
  std::vector<uint8_t> used(function.locals.size(), 0);
  for (const wasm::Instr& instr : function.body.code) {
    if (NamesLocal(instr) && instr.a >= params) used[instr.a - params] = 1;
  }
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < used.size(); ++i) {
    if (used[i] != 0) order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](uint32_t i) { return std::pair(function.locals[i], i); });
  std::vector<uint32_t> renumbered(used.size(), 0);
  std::vector<wasm::ValType> locals;
  for (uint32_t i = 0; i < order.size(); ++i) {
    renumbered[order[i]] = static_cast<uint32_t>(params) + i;
    locals.push_back(function.locals[order[i]]);
  }
  function.locals = std::move(locals);
  for (wasm::Instr& instr : function.body.code) {
    if (NamesLocal(instr) && instr.a >= params) instr.a = renumbered[instr.a - params];
  }
  const uint32_t index = module.ImportCount(wasm::ExternKind::Func) + f;
  wasm::RenumberLocalNames(module, index, [&](uint32_t local) -> std::optional<uint32_t> {
    if (local < params) return local;
    const size_t own = local - params;
    return own < used.size() && used[own] != 0 ? std::optional(renumbered[own]) : std::nullopt;
  });
}

// The local's uses become uses of another of its type.
wasm::Module Merged(wasm::Module module, uint32_t f, uint32_t from, uint32_t to) {
  for (wasm::Instr& instr : module.functions[f].body.code) {
    if (NamesLocal(instr) && instr.a == from) instr.a = to;
  }
  TidyLocals(module, f);
  return module;
}

// Pairs of locals that may be one. The first of a pair is declared, not a parameter.
std::vector<std::pair<uint32_t, uint32_t>> Pairs(const wasm::Module& module, uint32_t f) {
  constexpr size_t kPartnersMax = 8;  // for each local: a bound on candidates
  const wasm::Function& function = module.functions[f];
  std::vector<wasm::ValType> types = rewrite::FunctionType(module, f).params;
  const size_t params = types.size();
  types.insert(types.end(), function.locals.begin(), function.locals.end());
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (size_t from = types.size(); from-- > params;) {
    size_t partners = 0;
    for (size_t to = 0; to < from && partners < kPartnersMax; ++to) {
      if (types[to] != types[from]) continue;
      ++partners;
      pairs.emplace_back(from, to);
    }
  }
  return pairs;
}

// Merges one pair: others have other numbers then.
bool MergeSome(Reduction& reduction, uint32_t f) {
  const auto pairs = Pairs(reduction.module(), f);
  bool merged = false;
  return reduction.TryEach({.count = pairs.size(),
                            .at = [&](size_t place) -> std::optional<testcase::TestCase> {
                              if (merged) return std::nullopt;
                              const auto [from, to] = pairs[place];
                              return testcase::TestCase{Merged(reduction.module(), f, from, to),
                                                        reduction.current().plan};
                            },
                            .accepted = [&](size_t) { merged = true; }});
}

}  // namespace

void ReduceLocals(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  TrySubsets(reduction, base.module.functions.size(), 1, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    for (const size_t f : chosen) TidyLocals(candidate.module, static_cast<uint32_t>(f));
    return candidate;
  });
  for (uint32_t f = 0; f < reduction.module().functions.size(); ++f) {
    while (!reduction.Stopped() && MergeSome(reduction, f)) {
    }
  }
}

}  // namespace slabhound::minimizer
