#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "rewrite/view.h"
#include "wasm/names.h"

namespace slabhound::minimizer {
namespace {

void ReplaceBodies(Reduction& reduction, bool by_trap) {
  const auto view = reduction.View();
  const testcase::TestCase base = reduction.current();
  std::vector<rewrite::Edit> edits;
  std::vector<uint64_t> weights;
  const uint32_t imported = base.module.ImportCount(wasm::ExternKind::Func);
  for (uint32_t f = 0; f < base.module.functions.size(); ++f) {
    const auto end = static_cast<uint32_t>(base.module.functions[f].body.code.size() - 1);
    rewrite::Edit edit{f, {0, end}, {}};
    if (by_trap) {
      edit.with = {rewrite::Op(wasm::Opcode::Unreachable)};
    } else {
      const auto& type =
          std::get<wasm::FuncType>((*view->types)[view->valid.functions[imported + f]].composite);
      for (const wasm::ValType result : type.results) {
        const auto value = rewrite::DefaultOf(result, *view);
        edit.with.insert(edit.with.end(), value.begin(), value.end());
      }
    }
    if (end <= edit.with.size()) continue;
    constexpr uint64_t kBytesPerInstr = 2;
    weights.push_back(kBytesPerInstr * (end - edit.with.size()));
    edits.push_back(std::move(edit));
  }
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    std::vector<rewrite::Edit> some;
    for (const size_t i : chosen) some.push_back(edits[i]);
    testcase::TestCase candidate{rewrite::ApplyEdits(base.module, some), base.plan};
    for (const rewrite::Edit& edit : some) {
      candidate.module.functions[edit.function].locals.clear();
      const auto params = rewrite::FunctionType(candidate.module, edit.function).params.size();
      wasm::RenumberLocalNames(candidate.module, imported + edit.function, [&](uint32_t local) {
        return local < params ? std::optional(local) : std::nullopt;
      });
    }
    return candidate;
  });
}

}  // namespace

void ReduceBodies(Reduction& reduction) {
  ReplaceBodies(reduction, /*by_trap=*/false);
  // Where a default will not do, a trap seldom does.
  if (reduction.round().is_full()) ReplaceBodies(reduction, /*by_trap=*/true);
}

}  // namespace slabhound::minimizer
