#include <algorithm>
#include <set>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/declared.h"
#include "rewrite/edit.h"
#include "rewrite/empty_object.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using Code = std::vector<wasm::Instr>;

// The types of a node's results: of several, only calls and blocks say them.
std::optional<std::vector<wasm::ValType>> ResultsOf(const rewrite::View& view, uint32_t f,
                                                    const rewrite::Node& node) {
  if (node.result_count == 1) return std::vector{node.type};
  const wasm::Instr& instr = view.module->functions[f].body.code[node.at];
  uint32_t type = 0;
  switch (instr.op) {
    case wasm::Opcode::Call:
      type = view.module->FunctionTypeIdx(instr.a);
      break;
    case wasm::Opcode::CallRef:
    case wasm::Opcode::CallIndirect:
      type = instr.a;
      break;
    case wasm::Opcode::Block:
    case wasm::Opcode::Loop:
    case wasm::Opcode::If:
    case wasm::Opcode::TryTable:
    case wasm::Opcode::LegacyTry:
      if (!wasm::BlockType::FromBits(instr.a).is_index()) return std::nullopt;
      type = wasm::BlockType::FromBits(instr.a).index();
      break;
    default:
      return std::nullopt;
  }
  const auto& canonical = (*view.types)[view.valid.type_ids[type]].composite;
  return std::get<wasm::FuncType>(canonical).results;
}

std::optional<Code> ByDefault(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  if (!node.closed || node.result_count == 0) return std::nullopt;
  const auto results = ResultsOf(view, f, node);
  if (!results) return std::nullopt;
  Code code;
  for (const wasm::ValType type : *results) {
    const Code value = rewrite::DefaultOf(type, view);
    code.insert(code.end(), value.begin(), value.end());
  }
  return code;
}

// A local of the same type, often the shortest live value.
EditMaker ByLocal(size_t nth) {
  return [nth](const rewrite::View& view, uint32_t f,
               const rewrite::Node& node) -> std::optional<Code> {
    if (!node.closed || node.result_count != 1 || node.first == node.last) return std::nullopt;
    const wasm::Function& function = view.module->functions[f];
    const auto& type = std::get<wasm::FuncType>(view.module->types[function.type].composite);
    size_t seen = 0;
    const size_t params = type.params.size();
    for (size_t i = 0; i < params + function.locals.size(); ++i) {
      const wasm::ValType local =
          view.valid.Canonical(i < params ? type.params[i] : function.locals[i - params]);
      const bool has_value = i < params || local.is_defaultable();
      if (!has_value || !view.types->IsSubtype(local, node.type)) continue;
      if (seen++ == nth) return Code{rewrite::Op(wasm::Opcode::LocalGet, static_cast<uint32_t>(i))};
    }
    return std::nullopt;
  };
}

// A fresh object of the same type keeps an allocation without what made its fields.
std::optional<Code> ByNewObject(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  if (!node.closed || node.first == node.last) return std::nullopt;
  const wasm::Instr& instr = view.module->functions[f].body.code[node.at];
  if (const auto empty = rewrite::EmptyLike(instr)) return Code{*empty};
  if (node.result_count != 1 || !node.type.is_ref()) return std::nullopt;
  return rewrite::DefaultOf(node.type.WithNullable(false), view);
}

// A function of the type that is asked for, of those that code may name.
std::optional<Code> ByFunction(const rewrite::View& view, const std::set<uint32_t>& declared,
                               const rewrite::Node& node) {
  if (!node.closed || node.result_count != 1 || node.first == node.last) return std::nullopt;
  if (!node.type.is_ref() || view.types->Top(node.type.heap()) != wasm::AbstractHeap::Func) {
    return std::nullopt;
  }
  for (const uint32_t function : declared) {
    const auto heap = wasm::HeapType::Index(static_cast<uint32_t>(view.valid.functions[function]));
    if (!view.types->IsSubtype(heap, node.type.heap())) continue;
    return Code{rewrite::Op(wasm::Opcode::RefFunc, function)};
  }
  return std::nullopt;
}

// A value that a block or the function leaves. An operand traps when its statement does: that is
// tried (statements).
std::optional<Code> Trap(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  if (!node.closed || node.result_count == 0) return std::nullopt;
  const auto& nodes = view.trees[f].nodes;
  const auto index = static_cast<uint32_t>(&node - nodes.data());
  const bool is_operand =
      node.parent != rewrite::kNone &&
      std::ranges::find(nodes[node.parent].operands, index) != nodes[node.parent].operands.end();
  if (is_operand) return std::nullopt;
  return Code{rewrite::Op(wasm::Opcode::Unreachable)};
}

}  // namespace

void ReduceDefaults(Reduction& reduction) {
  RewriteNodes(reduction, ByDefault);
  // Of large pieces, those that have no default are better taken apart.
  if (!reduction.round().is_full()) return;
  RewriteNodes(reduction, ByNewObject);
  const std::set<uint32_t> declared = rewrite::DeclaredFunctions(reduction.module());
  RewriteNodes(reduction, [&](const rewrite::View& view, uint32_t, const rewrite::Node& node) {
    return ByFunction(view, declared, node);
  });
  for (size_t nth = 0; nth < 3; ++nth) RewriteNodes(reduction, ByLocal(nth));
  RewriteNodes(reduction, Trap);
}

}  // namespace slabhound::minimizer
