#include "testcase/collections.h"

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"

namespace slabhound::minimizer {

void ReduceCollections(Reduction& reduction) {
  const wasm::Module& module = reduction.current().module;
  const testcase::Collections collections(module);
  if (!collections.first()) return;
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    const std::vector<wasm::Instr>& code = module.functions[f].body.code;
    for (uint32_t i = 0; i < code.size(); ++i) {
      if (collections.IsCall(code[i])) edits.push_back({f, {i, i + 1}, {}});
    }
  }
  TryEdits(reduction, edits);
}

}  // namespace slabhound::minimizer
