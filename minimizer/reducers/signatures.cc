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
bool IsIndirectCall(const wasm::Instr& instr) {
  return instr.op == Opcode::CallRef || instr.op == Opcode::ReturnCallRef ||
         instr.op == Opcode::CallIndirect || instr.op == Opcode::ReturnCallIndirect;
}

// Functions that change their signature together: a definition or an import that is only called, or
// all definitions of a type that references name too.
struct Unit {
  std::vector<uint32_t> functions;    // definitions
  std::optional<uint32_t> type = {};  // which changes then, in its place
  std::optional<size_t> import = {};  // in the place of definitions: of Module::imports
};

uint32_t TypeOf(const wasm::Module& module, const Unit& unit) {
  return unit.import ? std::get<wasm::FuncRef>(module.imports[*unit.import].type).type
                     : module.functions[unit.functions[0]].type;
}

// The index of an imported function among all.
uint32_t ImportIndex(const wasm::Module& module, size_t import) {
  return static_cast<uint32_t>(std::ranges::count(
      module.imports.begin(), module.imports.begin() + static_cast<ptrdiff_t>(import),
      wasm::ExternKind::Func, &wasm::Import::kind));
}

// Where functions of the whole index space are called, and where something of a type is. In
// unreachable code a call finds whatever it wants: nothing is changed there.
class CallSites {
 public:
  struct Site {
    uint32_t function = 0, node = 0;
  };

  explicit CallSites(const rewrite::View& view)
      : of_function_(view.module->FunctionCount()), of_type_(view.module->types.size()) {
    for (uint32_t f = 0; f < view.trees.size(); ++f) {
      const auto& code = view.module->functions[f].body.code;
      const auto& nodes = view.trees[f].nodes;
      for (uint32_t n = 0; n < nodes.size(); ++n) {
        const wasm::Instr& instr = code[nodes[n].at];
        if (IsCall(instr)) of_function_[instr.a].push_back({f, n});
        if (IsIndirectCall(instr)) of_type_[instr.a].push_back({f, n});
      }
    }
  }
  std::vector<Site> Of(const rewrite::View& view, const Unit& unit) const {
    std::vector<Site> sites;
    const uint32_t imported = view.module->ImportCount(wasm::ExternKind::Func);
    for (const uint32_t f : unit.functions) {
      const auto& own = of_function_[imported + f];
      sites.insert(sites.end(), own.begin(), own.end());
    }
    if (unit.import) return of_function_[ImportIndex(*view.module, *unit.import)];
    if (unit.type)
      sites.insert(sites.end(), of_type_[*unit.type].begin(), of_type_[*unit.type].end());
    return sites;
  }

 private:
  std::vector<std::vector<Site>> of_function_, of_type_;
};

// What a function's signature may lose: its results, or a parameter; with all edits of code.
struct Loss {
  Unit unit;
  std::optional<size_t> param = {};
  std::vector<Edit> edits = {};
};

// At each call the operand's code goes. Nothing when an operand is not one closed expression.
std::optional<std::vector<Edit>> DropOperand(const rewrite::View& view, const CallSites& calls,
                                             const Unit& unit, size_t param) {
  std::vector<Edit> edits;
  for (const auto& [f, n] : calls.Of(view, unit)) {
    const rewrite::Tree& tree = view.trees[f];
    const uint32_t at = tree.nodes[n].operands[param];
    if (at == rewrite::kNone) return std::nullopt;
    const rewrite::Node& operand = tree.nodes[at];
    if (!operand.closed || operand.result_count != 1) return std::nullopt;
    edits.push_back({f, {operand.first, operand.last + 1}, {}});
  }
  return edits;
}

// The parameter becomes the last local. The function's type is still the one of before.
void ParamToLocal(wasm::Module& module, uint32_t f, size_t param) {
  const wasm::FuncType& type = rewrite::FunctionType(module, f);
  wasm::Function& function = module.functions[f];
  const auto last = static_cast<uint32_t>(type.params.size() - 1 + function.locals.size());
  function.locals.push_back(type.params[param]);
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
}

// The end of a body without its results: drops behind it, or the last expression gone.
std::optional<Edit> DropAtEnd(const rewrite::View& view, uint32_t f, size_t results,
                              bool delete_last) {
  const auto end = static_cast<uint32_t>(view.module->functions[f].body.code.size() - 1);
  const rewrite::Tree& tree = view.trees[f];
  const rewrite::Node* last = nullptr;
  for (const rewrite::Node& node : tree.nodes) {
    if (node.level == 0 && node.last + 1 == end) last = &node;
  }
  const bool is_dead =
      (last && last->diverges) ||
      std::ranges::any_of(tree.dead, [&](const rewrite::Range& dead) { return dead.end == end; });
  if (is_dead) return Edit{f, {end, end}, {}};
  if (!delete_last) return Edit{f, {end, end}, std::vector(results, rewrite::Op(Opcode::Drop))};
  if (!last || !last->closed || last->result_count != results) return std::nullopt;
  return Edit{f, {last->first, end}, {}};
}

// At each call a default in the place of the result.
std::optional<std::vector<Edit>> DropResults(const rewrite::View& view, const CallSites& calls,
                                             const Unit& unit, bool delete_last) {
  const wasm::TypeId id = view.valid.type_ids[TypeOf(*view.module, unit)];
  const auto& type = std::get<wasm::FuncType>((*view.types)[id].composite);
  std::vector<Edit> edits;
  for (const auto& [g, n] : calls.Of(view, unit)) {
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
  for (const uint32_t f : unit.functions) {
    auto edit = DropAtEnd(view, f, type.results.size(), delete_last);
    if (!edit) return std::nullopt;
    edits.push_back(*std::move(edit));
  }
  return edits;
}

enum class Way : uint8_t { DeleteLast, DropLast, Params };

// Types of functions that stand alone and that nothing but functions and calls names: an import has
// the host's signature, and what blocks and tags have would have to follow.
std::vector<uint8_t> OwnTypes(const wasm::Module& module) {
  std::vector<uint8_t> own(module.types.size(), 0);
  for (const wasm::RecGroup& group : module.rec_groups) own[group.first] = group.count == 1 ? 1 : 0;
  for (uint32_t t = 0; t < own.size(); ++t) {
    if (!std::holds_alternative<wasm::FuncType>(module.types[t].composite)) own[t] = 0;
    if (module.types[t].supers.empty()) continue;
    own[t] = own[module.types[t].supers[0]] = 0;
  }
  for (const wasm::Import& import : module.imports) {
    if (const auto* func = std::get_if<wasm::FuncRef>(&import.type)) own[func->type] = 0;
    if (const auto* tag = std::get_if<wasm::TagType>(&import.type)) own[tag->type] = 0;
  }
  for (const wasm::Tag& tag : module.tags) own[tag.type.type] = 0;
  for (const wasm::Function& function : module.functions) {
    for (const wasm::Instr& instr : function.body.code) {
      if (!rewrite::OpensBlock(instr.op)) continue;
      const wasm::BlockType type = wasm::BlockType::FromBits(instr.a);
      if (type.is_index()) own[type.index()] = 0;
    }
  }
  return own;
}

enum class By : uint8_t { Function, Type, Import };

std::vector<Unit> Units(const wasm::Module& module, By by) {
  const std::vector<rewrite::Uses> uses = rewrite::FunctionUses(module);
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Func);
  std::vector<Unit> units;
  if (by == By::Function) {
    for (uint32_t f = 0; f < module.functions.size(); ++f) {
      if (uses[imported + f].others == 0) units.push_back({{f}});
    }
    return units;
  }
  if (by == By::Import) {
    for (size_t i = 0; i < module.imports.size(); ++i) {
      if (module.imports[i].kind() != wasm::ExternKind::Func) continue;
      if (uses[ImportIndex(module, i)].others == 0) {
        units.push_back({.functions = {}, .import = i});
      }
    }
    return units;
  }
  const std::vector<uint8_t> own = OwnTypes(module);
  for (uint32_t t = 0; t < own.size(); ++t) {
    if (own[t] == 0) continue;
    Unit unit{.functions = {}, .type = t};
    bool named = false;
    for (uint32_t f = 0; f < module.functions.size(); ++f) {
      if (module.functions[f].type != t) continue;
      unit.functions.push_back(f);
      named = named || uses[imported + f].others > 0;
    }
    if (named) units.push_back(std::move(unit));
  }
  return units;
}

std::vector<Loss> Losses(const rewrite::View& view, Way way, By by) {
  const CallSites calls(view);
  std::vector<Loss> losses;
  for (const Unit& unit : Units(*view.module, by)) {
    const auto& type =
        std::get<wasm::FuncType>(view.module->types[TypeOf(*view.module, unit)].composite);
    if (way == Way::Params) {
      for (size_t i = type.params.size(); i-- > 0;) {
        auto edits = DropOperand(view, calls, unit, i);
        if (edits) losses.push_back({unit, i, *std::move(edits)});
      }
    } else if (!type.results.empty()) {
      auto edits = DropResults(view, calls, unit, way == Way::DeleteLast);
      if (edits) losses.push_back({.unit = unit, .edits = *std::move(edits)});
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

// The signature of the unit's functions; `loss` says what of it goes.
void LoseFromType(wasm::Module& module, const Loss& loss) {
  auto type = std::get<wasm::FuncType>(module.types[TypeOf(module, loss.unit)].composite);
  if (loss.param) {
    type.params.erase(type.params.begin() + static_cast<ptrdiff_t>(*loss.param));
  } else {
    type.results.clear();
  }
  if (loss.unit.import) {
    module.imports[*loss.unit.import].type =
        wasm::FuncRef{rewrite::FunctionTypeIndex(module, type)};
  } else if (loss.unit.type) {
    module.types[*loss.unit.type].composite = std::move(type);
  } else {
    module.functions[loss.unit.functions[0]].type = rewrite::FunctionTypeIndex(module, type);
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

void Lose(Reduction& reduction, Way way, By by) {
  const auto view = reduction.View();
  const testcase::Plan plan = reduction.current().plan;
  const std::vector<Loss> losses = Losses(*view, way, by);
  TrySubsets(reduction, losses.size(), 1, [&](const std::vector<size_t>& chosen) {
    std::vector<Edit> edits;
    for (const size_t i : chosen) {
      edits.insert(edits.end(), losses[i].edits.begin(), losses[i].edits.end());
    }
    TestCase candidate{rewrite::ApplyEdits(*view->module, rewrite::Outermost(std::move(edits))),
                       plan};
    for (const size_t i : chosen) {  // the last parameter of each function comes first
      const Loss& loss = losses[i];
      for (const uint32_t f : loss.unit.functions) {
        if (loss.param) LoseParam(candidate, f, *loss.param);
      }
      LoseFromType(candidate.module, loss);
    }
    candidate.module = WithoutUnusedTypes(candidate.module);
    return candidate;
  });
}

}  // namespace

void ReduceSignatures(Reduction& reduction) {
  for (const By by : {By::Function, By::Type}) {
    Lose(reduction, Way::DeleteLast, by);
    Lose(reduction, Way::DropLast, by);
    Lose(reduction, Way::Params, by);
  }
  // What a host logs of a call is rarely what matters.
  Lose(reduction, Way::DropLast, By::Import);
  Lose(reduction, Way::Params, By::Import);
}

}  // namespace slabhound::minimizer
