#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using Code = std::vector<wasm::Instr>;

// The n-th operand in the place of its parent: as the value, or dropped for a statement. Types are
// the validator's to judge, but numbers and references never mix.
EditMaker Hoist(size_t nth) {
  return [nth](const rewrite::View& view, uint32_t f,
               const rewrite::Node& node) -> std::optional<Code> {
    if (!node.closed || nth >= node.operands.size() || node.result_count > 1) return std::nullopt;
    if (node.operands[nth] == rewrite::kNone) return std::nullopt;
    const rewrite::Node& operand = view.trees[f].nodes[node.operands[nth]];
    if (!operand.closed || operand.result_count != 1) return std::nullopt;
    if (node.result_count == 1) {
      if (operand.type.is_ref() != node.type.is_ref()) return std::nullopt;
      if (!operand.type.is_ref() && operand.type != node.type) return std::nullopt;
    }
    const Code& code = view.module->functions[f].body.code;
    Code with(code.begin() + operand.first, code.begin() + operand.last + 1);
    if (node.result_count == 0) {
      if (code[node.at].op == wasm::Opcode::Drop) return std::nullopt;
      with.push_back(rewrite::Op(wasm::Opcode::Drop));
    }
    return with;
  };
}

}  // namespace

void ReduceOperands(Reduction& reduction) {
  constexpr size_t kOperandsMax = 4;  // later ones are reached once an earlier one has gone
  for (size_t nth = 0; nth < kOperandsMax; ++nth) RewriteNodes(reduction, Hoist(nth));
}

}  // namespace slabhound::minimizer
