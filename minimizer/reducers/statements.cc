#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Node;
using rewrite::View;
using wasm::Opcode;
using Code = std::vector<wasm::Instr>;

// Whether nothing comes behind the node in its block, which has no results either.
bool IsLastOfNothing(const View& view, uint32_t f, const Node& node) {
  const uint32_t next = node.last + 1;
  if (node.parent != rewrite::kNone) {
    const Node& around = view.trees[f].nodes[node.parent];
    return around.result_count == 0 && (around.last == next || around.else_at == next);
  }
  return next + 1 == view.module->functions[f].body.code.size() &&
         rewrite::FunctionType(*view.module, f).results.empty();
}

// Whether code that is not in the node may read a local that has no value without it.
bool GivesFirstValue(const View& view, uint32_t f, const Node& node) {
  const wasm::Function& function = view.module->functions[f];
  const wasm::Instr& set = function.body.code[node.at];
  if (set.op != Opcode::LocalSet) return false;
  const size_t params = rewrite::FunctionType(*view.module, f).params.size();
  if (set.a < params || function.locals[set.a - params].is_defaultable()) return false;
  for (uint32_t i = node.last + 1; i < function.body.code.size(); ++i) {
    const wasm::Instr& instr = function.body.code[i];
    if (instr.op == Opcode::LocalGet && instr.a == set.a) return true;
  }
  return false;
}

// A node that leaves nothing on the stack, or nothing that is taken from there.
bool IsStatement(const Node& node) {
  return node.closed && (node.result_count == 0 || node.is_left);
}

std::optional<Code> Drop(const View& view, uint32_t f, const Node& node) {
  if (!IsStatement(node) || GivesFirstValue(view, f, node)) return std::nullopt;
  if (node.diverges && !IsLastOfNothing(view, f, node)) return std::nullopt;
  return Code();
}

// The last of a block: where that may not trap, none before it may, and where it may, those before
// it are the last soon.
std::optional<Code> Trap(const View& view, uint32_t f, const Node& node) {
  const bool traps = view.module->functions[f].body.code[node.at].op == Opcode::Unreachable;
  if (!IsStatement(node) || traps || !IsLastOfNothing(view, f, node)) return std::nullopt;
  return Code{rewrite::Op(Opcode::Unreachable)};
}

}  // namespace

void ReduceStatements(Reduction& reduction) {
  RewriteNodes(reduction, Drop);
  if (reduction.round().is_full()) RewriteNodes(reduction, Trap);
}

}  // namespace slabhound::minimizer
