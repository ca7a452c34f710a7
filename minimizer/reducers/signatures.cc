#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "rewrite/unused.h"
#include "rewrite/view.h"
#include "wasm/names.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Edit;
using testcase::TestCase;
using wasm::Opcode;

bool IsCall(const wasm::Instr& instr) {
  return instr.op == Opcode::Call || instr.op == Opcode::ReturnCall;
}

// Where functions of the whole index space are called. In unreachable code a call finds whatever it
// wants: nothing is changed there.
class CallSites {
 public:
  struct Site {
    uint32_t function = 0, node = 0;
  };

  explicit CallSites(const rewrite::View& view) : sites_(view.module->FunctionCount()) {
    for (uint32_t f = 0; f < view.trees.size(); ++f) {
      const auto& code = view.module->functions[f].body.code;
      const auto& nodes = view.trees[f].nodes;
      for (uint32_t n = 0; n < nodes.size(); ++n) {
        if (IsCall(code[nodes[n].at])) sites_[code[nodes[n].at].a].push_back({f, n});
      }
    }
  }
  const std::vector<Site>& Of(uint32_t index) const { return sites_[index]; }

 private:
  std::vector<std::vector<Site>> sites_;
};

// What a function's signature may lose: its results, or a parameter; with all edits of code.
struct Loss {
  uint32_t function = 0;
  std::optional<size_t> param = {};
  std::vector<Edit> edits = {};
};

// At each call the operand's code goes. Nothing when an operand is not one closed expression.
std::optional<std::vector<Edit>> DropOperand(const rewrite::View& view, const CallSites& calls,
                                             uint32_t index, size_t param) {
  std::vector<Edit> edits;
  for (const auto& [f, n] : calls.Of(index)) {
    const rewrite::Tree& tree = view.trees[f];
    const uint32_t at = tree.nodes[n].operands[param];
    if (at == rewrite::kNone) return std::nullopt;
    const rewrite::Node& operand = tree.nodes[at];
    if (!operand.closed || operand.result_count != 1) return std::nullopt;
    edits.push_back({f, {operand.first, operand.last + 1}, {}});
  }
  return edits;
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
  const uint32_t index = module.ImportCount(wasm::ExternKind::Func) + f;
  wasm::RenumberLocalNames(module, index, [&](uint32_t local) -> std::optional<uint32_t> {
    if (local != param) return local > param ? local - 1 : local;
    return used ? std::optional(last) : std::nullopt;
  });
  function.type = rewrite::FunctionTypeIndex(module, type);
}

// Drops behind the body, or the last expression gone; at each call a default in the place of the
// result.
std::optional<std::vector<Edit>> DropResults(const rewrite::View& view, const CallSites& calls,
                                             uint32_t f, uint32_t index, bool delete_last) {
  const auto& type = std::get<wasm::FuncType>((*view.types)[view.valid.functions[index]].composite);
  std::vector<Edit> edits;
  for (const auto& [g, n] : calls.Of(index)) {
    const auto& code = view.module->functions[g].body.code;
    const uint32_t at = view.trees[g].nodes[n].at;
    if (type.results.size() == 1 && code[at + 1].op == Opcode::Drop) {
      edits.push_back({g, {at + 1, at + 2}, {}});
      continue;
    }
    Edit edit{g, {at, at + 1}, {code[at]}};
    for (const wasm::ValType result : type.results) {
      const auto value = rewrite::DefaultOf(result, view);
      edit.with.insert(edit.with.end(), value.begin(), value.end());
    }
    edits.push_back(std::move(edit));
  }
  const auto end = static_cast<uint32_t>(view.module->functions[f].body.code.size() - 1);
  const rewrite::Tree& tree = view.trees[f];
  const rewrite::Node* last = nullptr;
  for (const rewrite::Node& node : tree.nodes) {
    if (node.level == 0 && node.last + 1 == end) last = &node;
  }
  const bool is_dead =
      (last && last->diverges) ||
      std::ranges::any_of(tree.dead, [&](const rewrite::Range& dead) { return dead.end == end; });
  if (delete_last) {
    if (!last || !last->closed || last->result_count != type.results.size()) return std::nullopt;
    edits.push_back({f, {last->first, end}, {}});
  } else if (!is_dead) {
    edits.push_back({f, {end, end}, std::vector(type.results.size(), rewrite::Op(Opcode::Drop))});
  }
  return edits;
}

enum class Way : uint8_t { DeleteLast, DropLast, Params };

std::vector<Loss> Losses(const rewrite::View& view, Way way) {
  const wasm::Module& module = *view.module;
  const CallSites calls(view);
  const std::vector<rewrite::Uses> uses = rewrite::FunctionUses(module);
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Func);
  std::vector<Loss> losses;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    const uint32_t index = imported + f;
    if (uses[index].others > 0) continue;
    const wasm::FuncType& type = rewrite::FunctionType(module, f);
    if (way == Way::Params) {
      for (size_t i = type.params.size(); i-- > 0;) {
        if (auto edits = DropOperand(view, calls, index, i)) {
          losses.push_back({f, i, *std::move(edits)});
        }
      }
    } else if (!type.results.empty()) {
      auto edits = DropResults(view, calls, f, index, way == Way::DeleteLast);
      if (edits) losses.push_back({.function = f, .edits = *std::move(edits)});
    }
  }
  return losses;
}

void LoseParam(TestCase& test_case, uint32_t f, size_t param) {
  const uint32_t index = test_case.module.ImportCount(wasm::ExternKind::Func) + f;
  ParamToLocal(test_case.module, f, param);
  for (testcase::Call& call : test_case.plan.calls) {
    const wasm::Export* exported = test_case.module.FindExport(call.export_name);
    const bool ours =
        exported && exported->kind == wasm::ExternKind::Func && exported->index == index;
    if (ours && param < call.arguments.size()) {
      call.arguments.erase(call.arguments.begin() + static_cast<ptrdiff_t>(param));
    }
  }
}

wasm::Module WithoutUnusedTypes(const wasm::Module& module) {
  std::vector<rewrite::Entity> roots;
  const std::pair<rewrite::Space, size_t> sizes[] = {{rewrite::Space::Func, module.FunctionCount()},
                                                     {rewrite::Space::Table, module.TableCount()},
                                                     {rewrite::Space::Memory, module.MemoryCount()},
                                                     {rewrite::Space::Global, module.GlobalCount()},
                                                     {rewrite::Space::Tag, module.TagCount()},
                                                     {rewrite::Space::Elem, module.elems.size()},
                                                     {rewrite::Space::Data, module.datas.size()}};
  for (const auto& [space, size] : sizes) {
    for (uint32_t i = 0; i < size; ++i) roots.push_back({space, i});
  }
  const rewrite::Kept kept =
      rewrite::Reachable(module, {.split_groups = false, .drop_segments = false}, roots);
  return rewrite::KeepOnly(module, kept);
}

void Lose(Reduction& reduction, Way way) {
  const auto view = reduction.View();
  const testcase::Plan plan = reduction.current().plan;
  const std::vector<Loss> losses = Losses(*view, way);
  TrySubsets(reduction, losses.size(), 1, [&](const std::vector<size_t>& chosen) {
    std::vector<Edit> edits;
    for (const size_t i : chosen) {
      edits.insert(edits.end(), losses[i].edits.begin(), losses[i].edits.end());
    }
    TestCase candidate{rewrite::ApplyEdits(*view->module, rewrite::Outermost(std::move(edits))),
                       plan};
    for (const size_t i : chosen) {  // the last parameter of each function comes first
      const auto& [f, param, ignored] = losses[i];
      if (param) {
        LoseParam(candidate, f, *param);
      } else {
        const wasm::FuncType type{rewrite::FunctionType(candidate.module, f).params, {}};
        candidate.module.functions[f].type = rewrite::FunctionTypeIndex(candidate.module, type);
      }
    }
    candidate.module = WithoutUnusedTypes(candidate.module);
    return candidate;
  });
}

}  // namespace

void ReduceSignatures(Reduction& reduction) {
  Lose(reduction, Way::DeleteLast);
  Lose(reduction, Way::DropLast);
  Lose(reduction, Way::Params);
}

}  // namespace slabhound::minimizer
