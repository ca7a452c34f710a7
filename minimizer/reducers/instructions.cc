#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using wasm::Opcode;
using Code = std::vector<wasm::Instr>;

// The range with other code in the place of the node's own instruction.
std::optional<Code> Replace(const rewrite::View& view, uint32_t f, const rewrite::Node& node,
                            const Code& by) {
  const Code& code = view.module->functions[f].body.code;
  Code with(code.begin() + node.first, code.begin() + node.at);
  with.insert(with.end(), by.begin(), by.end());
  return with;
}

// Drops for the operands, whose effects stay; defaults for the results.
std::optional<Code> DropOperands(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  const Opcode op = view.module->functions[f].body.code[node.at].op;
  if (rewrite::OpensBlock(op) || op == Opcode::Drop || node.diverges || node.result_count > 1 ||
      node.operands.empty()) {
    return std::nullopt;
  }
  Code by(node.operands.size(), rewrite::Op(Opcode::Drop));
  if (node.result_count == 1) {
    const Code value = rewrite::DefaultOf(node.type, view);
    by.insert(by.end(), value.begin(), value.end());
  }
  return Replace(view, f, node, by);
}

// Whether the operands are of the kinds of what they would stand for; among references that is the
// validator's to judge.
bool CanStandForResult(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  if (node.operands.size() != 1 || node.operands[0] == rewrite::kNone) return true;
  const wasm::ValType type = view.trees[f].nodes[node.operands[0]].type;
  if (type == wasm::ValType::Bottom) return true;
  return node.type.is_ref() ? type.is_ref() : type == node.type;
}

// The instruction alone goes: casts, conversions, a tee, a pair of operands that match.
std::optional<Code> Delete(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  const Opcode op = view.module->functions[f].body.code[node.at].op;
  if (rewrite::OpensBlock(op) || node.result_count != node.operands.size() ||
      node.operands.empty() || !CanStandForResult(view, f, node)) {
    return std::nullopt;
  }
  return Replace(view, f, node, {});
}

// Simpler relatives of an instruction.
std::optional<Code> Simplify(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  const wasm::Instr& instr = view.module->functions[f].body.code[node.at];
  switch (instr.op) {
    case Opcode::Br:
    case Opcode::Return:
      return Replace(view, f, node, {rewrite::Op(Opcode::Unreachable)});
    case Opcode::BrOnCast:
    case Opcode::BrOnCastFail:
      return Replace(view, f, node, {rewrite::Op(Opcode::BrOnNonNull, instr.a)});
    case Opcode::CallRef:
    case Opcode::CallIndirect:
      return Replace(view, f, node, {rewrite::Op(Opcode::Unreachable)});
    default:
      return std::nullopt;
  }
}

// A store and the load that follows it are one tee; a tee whose value is dropped is a store.
void MergeTees(Reduction& reduction) {
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < reduction.module().functions.size(); ++f) {
    const Code& code = reduction.module().functions[f].body.code;
    for (uint32_t i = 0; i + 1 < code.size(); ++i) {
      const wasm::Instr &first = code[i], &second = code[i + 1];
      if (first.op == Opcode::LocalSet && second.op == Opcode::LocalGet && first.a == second.a) {
        edits.push_back({f, {i, i + 2}, {rewrite::Op(Opcode::LocalTee, first.a)}});
      }
      if (first.op == Opcode::LocalTee && second.op == Opcode::Drop) {
        edits.push_back({f, {i, i + 2}, {rewrite::Op(Opcode::LocalSet, first.a)}});
      }
    }
  }
  TryEdits(reduction, rewrite::Outermost(std::move(edits)));
}

}  // namespace

void ReduceInstructions(Reduction& reduction) {
  RewriteNodes(reduction, Delete);
  RewriteNodes(reduction, DropOperands);
  RewriteNodes(reduction, Simplify);
  MergeTees(reduction);
}

}  // namespace slabhound::minimizer
