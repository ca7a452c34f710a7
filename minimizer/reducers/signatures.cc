#include <algorithm>

#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;
using wasm::Opcode;

bool Calls(const wasm::Instr& instr, uint32_t index) {
  return (instr.op == Opcode::Call || instr.op == Opcode::ReturnCall) && instr.a == index;
}

// At each call the operand's code goes. Nothing when an operand is not one closed expression.
std::optional<std::vector<rewrite::Edit>> DropOperand(const rewrite::View& view, uint32_t index,
                                                      size_t param) {
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    const auto& code = view.module->functions[f].body.code;
    size_t seen = 0;
    for (const rewrite::Node& node : view.trees[f].nodes) {
      if (!Calls(code[node.at], index)) continue;
      ++seen;
      if (node.operands[param] == rewrite::kNone) return std::nullopt;
      const rewrite::Node& operand = view.trees[f].nodes[node.operands[param]];
      if (!operand.closed || operand.result_count != 1) return std::nullopt;
      edits.push_back({f, {operand.first, operand.last + 1}, {}});
    }
    const auto all = std::ranges::count_if(code, [&](const auto& i) { return Calls(i, index); });
    if (static_cast<size_t>(all) != seen) return std::nullopt;  // calls in dead code
  }
  return rewrite::Outermost(std::move(edits));
}

// The parameter becomes the last local.
void ParamToLocal(wasm::Module& module, uint32_t f, size_t param) {
  wasm::FuncType type = rewrite::FunctionType(module, f);
  wasm::Function& function = module.functions[f];
  const auto last = static_cast<uint32_t>(type.params.size() - 1 + function.locals.size());
  function.locals.push_back(type.params[param]);
  type.params.erase(type.params.begin() + static_cast<ptrdiff_t>(param));
  for (wasm::Instr& instr : function.body.code) {
    const wasm::ImmediatesInfo& info = wasm::Info(wasm::Info(instr.op).immediates);
    if (info.first != wasm::ImmediateKind::Local) continue;
    if (instr.a == param) {
      instr.a = last;
    } else if (instr.a > param) {
      --instr.a;
    }
  }
  const bool used = std::ranges::any_of(function.body.code, [&](const wasm::Instr& instr) {
    const wasm::ImmediatesInfo& info = wasm::Info(wasm::Info(instr.op).immediates);
    return info.first == wasm::ImmediateKind::Local && instr.a == last;
  });
  if (!used) function.locals.pop_back();
  rewrite::Retype(module, f, type);
}

std::optional<TestCase> WithoutParam(Reduction& reduction, uint32_t f, size_t param) {
  const auto view = reduction.View();
  const uint32_t index = reduction.module().ImportCount(wasm::ExternKind::Func) + f;
  const auto edits = DropOperand(*view, index, param);
  if (!edits) return std::nullopt;
  TestCase candidate = reduction.current();
  candidate.module = rewrite::ApplyEdits(std::move(candidate.module), *edits);
  ParamToLocal(candidate.module, f, param);
  for (testcase::Call& call : candidate.plan.calls) {
    const wasm::Export* exported = candidate.module.FindExport(call.export_name);
    const bool ours =
        exported && exported->kind == wasm::ExternKind::Func && exported->index == index;
    if (ours && param < call.arguments.size()) {
      call.arguments.erase(call.arguments.begin() + static_cast<ptrdiff_t>(param));
    }
  }
  return candidate;
}

// Drops behind the body, or the last expression gone; at each call a default in the place of the
// result.
std::optional<TestCase> WithoutResults(Reduction& reduction, uint32_t f, bool delete_last) {
  const auto shared = reduction.View();
  const rewrite::View& view = *shared;
  const uint32_t index = reduction.module().ImportCount(wasm::ExternKind::Func) + f;
  const auto& type = std::get<wasm::FuncType>((*view.types)[view.valid.functions[index]].composite);
  std::vector<rewrite::Edit> edits;
  for (uint32_t g = 0; g < view.module->functions.size(); ++g) {
    const auto& code = view.module->functions[g].body.code;
    for (uint32_t i = 0; i < code.size(); ++i) {
      if (!Calls(code[i], index)) continue;
      if (type.results.size() == 1 && code[i + 1].op == Opcode::Drop) {
        edits.push_back({g, {i + 1, i + 2}, {}});
        continue;
      }
      rewrite::Edit edit{g, {i, i + 1}, {code[i]}};
      for (const wasm::ValType result : type.results) {
        const auto value = rewrite::DefaultOf(result, view);
        edit.with.insert(edit.with.end(), value.begin(), value.end());
      }
      edits.push_back(std::move(edit));
    }
  }
  const auto& code = view.module->functions[f].body.code;
  const auto end = static_cast<uint32_t>(code.size() - 1);
  const rewrite::Node* last = nullptr;
  for (const rewrite::Node& node : view.trees[f].nodes) {
    if (node.level == 0 && node.last + 1 == end) last = &node;
  }
  if (delete_last) {
    if (!last || !last->closed || last->result_count != type.results.size()) {
      return std::nullopt;
    }
    edits.push_back({f, {last->first, end}, {}});
  } else if (last && last->result_count > 0) {
    edits.push_back({f, {end, end}, std::vector(type.results.size(), rewrite::Op(Opcode::Drop))});
  }
  wasm::Module module =
      rewrite::ApplyEdits(reduction.module(), rewrite::Outermost(std::move(edits)));
  rewrite::Retype(module, f, {rewrite::FunctionType(module, f).params, {}});
  return TestCase{std::move(module), reduction.current().plan};
}

// What a function's signature may lose: its results, in one of two ways, or a parameter.
struct Loss {
  uint32_t function = 0;
  std::optional<size_t> param = {};
  bool delete_last = false;
};

std::vector<Loss> Losses(const wasm::Module& module) {
  const std::vector<rewrite::Uses> uses = rewrite::FunctionUses(module);
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Func);
  std::vector<Loss> losses;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    if (uses[imported + f].others > 0) continue;
    const wasm::FuncType& type = rewrite::FunctionType(module, f);
    if (!type.results.empty()) {
      losses.push_back({.function = f, .delete_last = true});
      losses.push_back({.function = f, .delete_last = false});
    }
    for (size_t i = type.params.size(); i-- > 0;) losses.push_back({.function = f, .param = i});
  }
  return losses;
}

}  // namespace

void ReduceSignatures(Reduction& reduction) {
  const std::vector<Loss> losses = Losses(reduction.module());
  reduction.TryEach(
      {.count = losses.size(), .at = [&](size_t place) -> std::optional<TestCase> {
         const Loss& loss = losses[place];
         if (loss.param) return WithoutParam(reduction, loss.function, *loss.param);
         if (rewrite::FunctionType(reduction.module(), loss.function).results.empty()) {
           return std::nullopt;
         }
         return WithoutResults(reduction, loss.function, loss.delete_last);
       }});
}

}  // namespace slabhound::minimizer
