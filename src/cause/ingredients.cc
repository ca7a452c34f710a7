#include "cause/ingredients.h"

#include <algorithm>
#include <set>

#include "rewrite/edit.h"
#include "rewrite/keep_valid.h"
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

wasm::Module Ablate(const wasm::Module& module, const std::string& ingredient) {
  const rewrite::View view = rewrite::MakeView(module);
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    for (const rewrite::Node& node : view.trees[f].nodes) {
      const wasm::Instr& instr = module.functions[f].body.code[node.at];
      if (wasm::Info(instr.op).text != ingredient || !node.closed || node.result_count > 1)
        continue;
      std::vector<wasm::Instr> with;
      if (node.result_count == 1) with = rewrite::DefaultOf(node.type, view);
      edits.push_back({f, {node.first, node.last + 1}, std::move(with)});
    }
  }
  wasm::Module result = module;
  rewrite::TakeValidFunctions(result, rewrite::ApplyEdits(module, rewrite::Outermost(edits)));
  return result;
}

}  // namespace slabhound::cause
