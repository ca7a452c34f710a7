#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {

void ReduceStatements(Reduction& reduction) {
  const auto drop = [](const rewrite::View&, uint32_t,
                       const rewrite::Node& node) -> std::optional<std::vector<wasm::Instr>> {
    if (!node.closed || node.result_count != 0) return std::nullopt;
    return std::vector<wasm::Instr>();
  };
  const auto trap = [](const rewrite::View& view, uint32_t f,
                       const rewrite::Node& node) -> std::optional<std::vector<wasm::Instr>> {
    if (!node.closed || node.result_count != 0) return std::nullopt;
    const wasm::Instr& instr = view.module->functions[f].body.code[node.at];
    if (instr.op == wasm::Opcode::Unreachable) return std::nullopt;
    return std::vector<wasm::Instr>{rewrite::Op(wasm::Opcode::Unreachable)};
  };
  RewriteNodes(reduction, drop);
  if (reduction.round().is_full()) RewriteNodes(reduction, trap);
}

}  // namespace slabhound::minimizer
