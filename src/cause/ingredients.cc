#include "cause/ingredients.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "rewrite/edit.h"
#include "rewrite/keep_valid.h"
#include "rewrite/references.h"
#include "rewrite/view.h"
#include "wasm/opcode.h"

namespace slabhound::cause {
namespace {

// What every case has.
bool IsCommon(wasm::Opcode op) {
  const wasm::OpcodeInfo& info = wasm::Info(op);
  return info.feature == wasm::Feature::Mvp;
}

template <typename Visit>
void VisitCode(const wasm::Module& module, const Visit& visit) {
  for (const wasm::Function& function : module.functions) {
    for (const wasm::Instr& instr : function.body.code) visit(instr.op);
  }
}

}  // namespace

std::vector<std::string> IngredientsOf(const wasm::Module& module) {
  std::set<std::string> ingredients;
  VisitCode(module, [&](wasm::Opcode op) {
    if (!IsCommon(op)) ingredients.emplace(wasm::Info(op).text);
  });
  return {ingredients.begin(), ingredients.end()};
}

bool HasIngredient(const wasm::Module& module, const std::string& ingredient) {
  bool has = false;
  VisitCode(module, [&](wasm::Opcode op) { has = has || wasm::Info(op).text == ingredient; });
  return has;
}

namespace {

using wasm::Opcode;

bool EndsItsBlock(Opcode op) {
  switch (op) {
    case Opcode::Throw:
    case Opcode::ThrowRef:
    case Opcode::ReturnCall:
    case Opcode::ReturnCallIndirect:
    case Opcode::ReturnCallRef:
      return true;
    default:
      return false;
  }
}

// What takes the instruction's operands and leaves its results, without doing what it does.
std::vector<wasm::Instr> Instead(const wasm::Instr& instr, const rewrite::Node& node,
                                 const rewrite::View& view) {
  if (instr.op == Opcode::TryTable) return {rewrite::Op(Opcode::Block, instr.a)};
  if (EndsItsBlock(instr.op)) return {rewrite::Op(Opcode::Unreachable)};
  std::vector<wasm::Instr> code(node.operands.size(), rewrite::Op(Opcode::Drop));
  if (node.result_count == 1)
    std::ranges::copy(rewrite::DefaultOf(node.type, view), std::back_inserter(code));
  return code;
}

}  // namespace

wasm::Module Ablate(const wasm::Module& module, const std::string& ingredient) {
  const rewrite::View view = rewrite::MakeView(module);
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    std::vector<rewrite::Edit> own;
    for (const rewrite::Node& node : view.trees[f].nodes) {
      const wasm::Instr& instr = module.functions[f].body.code[node.at];
      if (wasm::Info(instr.op).text != ingredient || node.result_count > 1) continue;
      own.push_back({f, {node.at, node.at + 1}, Instead(instr, node, view)});
    }
    std::ranges::sort(own, {}, [](const rewrite::Edit& edit) { return edit.range.first; });
    std::ranges::move(own, std::back_inserter(edits));
  }
  wasm::Module made = rewrite::ApplyEdits(module, edits);
  for (wasm::Function& function : made.functions) function.body = rewrite::Tidy(function.body);
  wasm::Module result = module;
  rewrite::TakeValidFunctions(result, made);
  return result;
}

}  // namespace slabhound::cause
