#include "minimizer/reducer.h"
#include "minimizer/rewrite.h"

namespace slabhound::minimizer {
namespace {

void ReplaceBodies(Reduction& reduction, bool by_trap) {
  const View view = MakeView(reduction.module());
  const testcase::TestCase base = reduction.current();
  std::vector<Edit> edits;
  const uint32_t imported = base.module.ImportCount(wasm::ExternKind::Func);
  for (uint32_t f = 0; f < base.module.functions.size(); ++f) {
    const auto end = static_cast<uint32_t>(base.module.functions[f].body.code.size() - 1);
    Edit edit{f, {0, end}, {}};
    if (by_trap) {
      edit.with = {Op(wasm::Opcode::Unreachable)};
    } else {
      const auto& type =
          std::get<wasm::FuncType>((*view.types)[view.valid.functions[imported + f]].composite);
      for (const wasm::ValType result : type.results) {
        const auto value = DefaultOf(result, view);
        edit.with.insert(edit.with.end(), value.begin(), value.end());
      }
    }
    if (end > edit.with.size()) edits.push_back(std::move(edit));
  }
  TrySubsets(reduction, edits.size(), [&](const std::vector<size_t>& chosen) {
    std::vector<Edit> some;
    for (const size_t i : chosen) some.push_back(edits[i]);
    testcase::TestCase candidate{ApplyEdits(base.module, some), base.plan};
    for (const Edit& edit : some) candidate.module.functions[edit.function].locals.clear();
    return candidate;
  });
}

}  // namespace

void ReduceBodies(Reduction& reduction) {
  ReplaceBodies(reduction, /*by_trap=*/false);
  ReplaceBodies(reduction, /*by_trap=*/true);
}

}  // namespace slabhound::minimizer
