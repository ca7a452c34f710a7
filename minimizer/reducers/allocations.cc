#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Edit;
using rewrite::Node;
using wasm::Opcode;
using Code = std::vector<wasm::Instr>;

bool HasDefault(const rewrite::View& view, uint32_t array) {
  return std::get<wasm::ArrayType>(view.module->types[array].composite)
      .element.type.is_defaultable();
}

// An expression of one value that is the node's n-th operand.
const Node* Alone(const rewrite::Tree& tree, const Node& node, size_t nth) {
  if (node.operands[nth] == rewrite::kNone) return nullptr;
  const Node& operand = tree.nodes[node.operands[nth]];
  return operand.closed && operand.result_count == 1 ? &operand : nullptr;
}

// As many elements, but without what says what they are.
std::optional<Code> NewDefault(const rewrite::View& view, uint32_t f, const Node& node) {
  const Code& code = view.module->functions[f].body.code;
  const wasm::Instr& instr = code[node.at];
  const auto with_length = [&](size_t length, size_t other) -> std::optional<Code> {
    if (!HasDefault(view, instr.a)) return std::nullopt;
    const Node* kept = Alone(view.trees[f], node, length);
    if (!kept || !Alone(view.trees[f], node, other)) return std::nullopt;
    Code with(code.begin() + kept->first, code.begin() + kept->last + 1);
    with.push_back(rewrite::Op(Opcode::ArrayNewDefault, instr.a));
    return with;
  };
  switch (instr.op) {
    case Opcode::ArrayNew:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
      return with_length(1, 0);
    case Opcode::ArrayNewFixed:
      if (!node.closed || instr.b == 0 || !HasDefault(view, instr.a)) return std::nullopt;
      return Code{rewrite::Op(Opcode::I32Const, 0, 0, instr.b),
                  rewrite::Op(Opcode::ArrayNewDefault, instr.a)};
    default:
      return std::nullopt;
  }
}

// An element of an array that code lists.
struct Element {
  uint32_t function = 0, at = 0;  // of the instruction
  rewrite::Range range;           // of the operand
};

std::vector<Element> ElementsOf(const rewrite::View& view) {
  std::vector<Element> elements;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    for (const Node& node : view.trees[f].nodes) {
      if (view.module->functions[f].body.code[node.at].op != Opcode::ArrayNewFixed) continue;
      for (size_t i = 0; i < node.operands.size(); ++i) {
        const Node* operand = Alone(view.trees[f], node, i);
        if (operand) elements.push_back({f, node.at, {operand->first, operand->last + 1}});
      }
    }
  }
  return elements;
}

void DropElements(Reduction& reduction) {
  const auto view = reduction.View();
  const testcase::Plan plan = reduction.current().plan;
  const std::vector<Element> elements = ElementsOf(*view);
  std::vector<uint64_t> weights;
  for (const Element& element : elements) {
    constexpr uint64_t kBytesPerInstr = 2;
    weights.push_back(kBytesPerInstr * (element.range.end - element.range.first));
  }
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    wasm::Module module = *view->module;
    std::vector<Edit> edits;
    for (const size_t i : chosen) {
      const auto& [f, at, range] = elements[i];
      --module.functions[f].body.code[at].b;
      edits.push_back({f, range, {}});
    }
    return testcase::TestCase{
        rewrite::ApplyEdits(std::move(module), rewrite::Outermost(std::move(edits))), plan};
  });
}

}  // namespace

void ReduceAllocations(Reduction& reduction) {
  DropElements(reduction);
  RewriteNodes(reduction, NewDefault);
}

}  // namespace slabhound::minimizer
