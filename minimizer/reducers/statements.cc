#include "minimizer/reducer.h"
#include "minimizer/rewrite.h"

namespace slabhound::minimizer {

void ReduceStatements(Reduction& reduction) {
  const auto drop = [](const View&, uint32_t,
                       const Node& node) -> std::optional<std::vector<wasm::Instr>> {
    if (!node.closed || node.result_count != 0) return std::nullopt;
    return std::vector<wasm::Instr>();
  };
  const auto trap = [](const View& view, uint32_t f,
                       const Node& node) -> std::optional<std::vector<wasm::Instr>> {
    if (!node.closed || node.result_count != 0) return std::nullopt;
    const wasm::Instr& instr = view.module->functions[f].body.code[node.at];
    if (instr.op == wasm::Opcode::Unreachable) return std::nullopt;
    return std::vector<wasm::Instr>{Op(wasm::Opcode::Unreachable)};
  };
  RewriteNodes(reduction, drop);
  RewriteNodes(reduction, trap);
}

}  // namespace slabhound::minimizer
