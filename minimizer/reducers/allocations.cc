#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/empty_object.h"
#include "rewrite/unused.h"
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
  const auto with_length = [&](size_t other, size_t length) -> std::optional<Code> {
    if (!HasDefault(view, instr.a)) return std::nullopt;
    const Node* gone = Alone(view.trees[f], node, other);
    if (!gone || !Alone(view.trees[f], node, length)) return std::nullopt;
    Code with(code.begin() + gone->last + 1, code.begin() + node.at);
    with.push_back(rewrite::Op(Opcode::ArrayNewDefault, instr.a));
    return with;
  };
  switch (instr.op) {
    case Opcode::ArrayNew:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
      return with_length(0, 1);
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

// The places where an object of the type is made of nothing and dropped.
std::vector<std::pair<uint32_t, uint32_t>> DroppedOf(const wasm::Module& module, uint32_t type) {
  std::vector<std::pair<uint32_t, uint32_t>> places;
  const wasm::CompositeType& composite = module.types[type].composite;
  const auto made = rewrite::NewEmpty(composite, type);
  const auto* structure = std::get_if<wasm::StructType>(&composite);
  const auto makes_it = [&](const wasm::Instr& instr) {
    const bool is_empty = instr.op == Opcode::StructNew && structure && structure->fields.empty();
    return instr.a == type && (is_empty || (instr.op == made->op && instr.b == made->b));
  };
  for (uint32_t f = 0; made && f < module.functions.size(); ++f) {
    const Code& code = module.functions[f].body.code;
    for (uint32_t i = 0; i + 1 < code.size(); ++i) {
      if (makes_it(code[i]) && code[i + 1].op == Opcode::Drop) places.emplace_back(f, i);
    }
  }
  return places;
}

// Objects that are dropped at once may be of a type that is there anyway, instead of one that
// nothing else has. The n-th of these.
std::optional<wasm::Module> OfAnotherType(wasm::Module module, uint32_t from, size_t nth) {
  const auto places = DroppedOf(module, from);
  size_t uses = 0;
  rewrite::VisitModule(module, [&](rewrite::Space space, const uint32_t& index) {
    if (space == rewrite::Space::Type && index == from) ++uses;
  });
  if (places.empty() || uses != places.size()) return std::nullopt;
  for (uint32_t to = 0; to < module.types.size(); ++to) {
    const auto made = rewrite::NewEmpty(module.types[to].composite, to);
    if (to == from || !made || nth-- > 0) continue;
    for (const auto& [f, at] : places) module.functions[f].body.code[at] = *made;
    rewrite::Kept kept = rewrite::All(module);
    kept[static_cast<size_t>(rewrite::Space::Type)][from] = 0;
    return rewrite::KeepOnly(module, kept);
  }
  return std::nullopt;
}

void ShareTypes(Reduction& reduction) {
  constexpr size_t kOthersMax = 3;
  const size_t types = reduction.module().types.size();
  // From the last on: those before it keep their numbers.
  reduction.TryEach(
      {.count = types * kOthersMax, .at = [&](size_t place) -> std::optional<testcase::TestCase> {
         const size_t from = types - 1 - place / kOthersMax;
         if (from >= reduction.module().types.size()) return std::nullopt;
         auto module =
             OfAnotherType(reduction.module(), static_cast<uint32_t>(from), place % kOthersMax);
         if (!module) return std::nullopt;
         return testcase::TestCase{*std::move(module), reduction.current().plan};
       }});
}

}  // namespace

void ReduceAllocations(Reduction& reduction) {
  DropElements(reduction);
  RewriteNodes(reduction, NewDefault);
  ShareTypes(reduction);
}

}  // namespace slabhound::minimizer
