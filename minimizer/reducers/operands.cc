#include <algorithm>
#include <optional>
#include <vector>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/empty_object.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Node;
using rewrite::View;
using wasm::Opcode;
using Code = std::vector<wasm::Instr>;

const Code& CodeOf(const View& view, uint32_t f) { return view.module->functions[f].body.code; }

// The n-th operand in the place of its parent: as the value, or dropped for a statement. Types are
// the validator's to judge, but numbers and references never mix.
const Node* Hoistable(const View& view, uint32_t f, const Node& node, size_t nth) {
  if (!node.closed || nth >= node.operands.size() || node.result_count > 1) return nullptr;
  if (node.operands[nth] == rewrite::kNone) return nullptr;
  const Node& operand = view.trees[f].nodes[node.operands[nth]];
  if (!operand.closed || operand.result_count != 1) return nullptr;
  if (node.result_count == 1) {
    if (operand.type.is_ref() != node.type.is_ref()) return nullptr;
    if (!operand.type.is_ref() && operand.type != node.type) return nullptr;
  }
  return node.result_count == 0 && CodeOf(view, f)[node.at].op == Opcode::Drop ? nullptr : &operand;
}

EditMaker Hoist(size_t nth) {
  return [nth](const View& view, uint32_t f, const Node& node) -> std::optional<Code> {
    const Node* operand = Hoistable(view, f, node, nth);
    if (!operand) return std::nullopt;
    const Code& code = CodeOf(view, f);
    Code with(code.begin() + operand->first, code.begin() + operand->last + 1);
    if (node.result_count == 0) with.push_back(rewrite::Op(Opcode::Drop));
    return with;
  };
}

// The statements that stand between the node's operands and between theirs, which are no part of
// what is computed, and the whole of the operand `kept`. Nothing when there are no statements (then
// other changes do the same), or an operand is not one closed expression.
std::optional<Code> Between(const View& view, uint32_t f, const Node& node, const Node* kept) {
  const Code& code = CodeOf(view, f);
  if (!node.closed || rewrite::OpensBlock(code[node.at].op)) return std::nullopt;
  std::vector<uint8_t> goes(node.at - node.first, 0);
  std::vector<uint32_t> open = node.operands;
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    if (at == rewrite::kNone) return std::nullopt;
    const Node& operand = view.trees[f].nodes[at];
    if (!operand.closed || operand.result_count != 1) return std::nullopt;
    if (&operand == kept) continue;
    const bool is_block = rewrite::OpensBlock(code[operand.at].op);
    const uint32_t first = is_block ? operand.first : operand.at;
    std::fill(goes.begin() + (first - node.first), goes.begin() + (operand.last + 1 - node.first),
              uint8_t{1});
    if (!is_block) open.insert(open.end(), operand.operands.begin(), operand.operands.end());
  }
  Code with;
  for (uint32_t i = node.first; i < node.at; ++i) {
    if (goes[i - node.first] == 0) with.push_back(code[i]);
  }
  const size_t own = kept ? kept->last + 1 - kept->first : 0;
  return with.size() > own ? std::optional(std::move(with)) : std::nullopt;
}

EditMaker HoistWithStatements(size_t nth) {
  return [nth](const View& view, uint32_t f, const Node& node) -> std::optional<Code> {
    const Node* operand = Hoistable(view, f, node, nth);
    if (!operand) return std::nullopt;
    auto with = Between(view, f, node, operand);
    if (with && node.result_count == 0) with->push_back(rewrite::Op(Opcode::Drop));
    return with;
  };
}

// What an instruction makes of nothing: an object that asks for no operands, or a default.
Code WithoutOperands(const View& view, const wasm::Instr& instr, const Node& node) {
  if (const auto empty = rewrite::EmptyLike(instr)) return {*empty};
  return node.result_count == 0 ? Code() : rewrite::DefaultOf(node.type, view);
}

// An instruction and its operands go, what stands between these stays.
std::optional<Code> KeepStatements(const View& view, uint32_t f, const Node& node) {
  if (node.result_count > 1 || node.diverges) return std::nullopt;
  auto with = Between(view, f, node, nullptr);
  if (!with) return std::nullopt;
  const Code value = WithoutOperands(view, CodeOf(view, f)[node.at], node);
  with->insert(with->end(), value.begin(), value.end());
  return with;
}

}  // namespace

void ReduceOperands(Reduction& reduction) {
  constexpr size_t kOperandsMax = 4;  // later ones are reached once an earlier one has gone
  for (size_t nth = 0; nth < kOperandsMax; ++nth) RewriteNodes(reduction, Hoist(nth));
  RewriteNodes(reduction, KeepStatements);
  for (size_t nth = 0; nth < kOperandsMax; ++nth) RewriteNodes(reduction, HoistWithStatements(nth));
}

}  // namespace slabhound::minimizer
