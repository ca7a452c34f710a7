#include "graph/probes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "rewrite/function_editor.h"
#include "rewrite/references.h"
#include "valid/valid_module.h"
#include "wasm/names.h"

namespace slabhound::graph {
namespace {

using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

constexpr size_t kSitesMax = 2'000;
constexpr uint64_t kFuelFactor = 4;

constexpr ValType kAnyRef = ValType::Ref(wasm::AbstractHeap::Any, /*nullable=*/true);

// What may put an object on the stack that was not there.
bool Puts(Opcode op) {
  switch (op) {
    case Opcode::LocalGet:
    case Opcode::GlobalGet:
    case Opcode::TableGet:
    case Opcode::Select:
    case Opcode::SelectTyped:
    case Opcode::StructNew:
    case Opcode::StructNewDefault:
    case Opcode::StructGet:
    case Opcode::ArrayNew:
    case Opcode::ArrayNewDefault:
    case Opcode::ArrayNewFixed:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
    case Opcode::ArrayGet:
    case Opcode::Call:
    case Opcode::CallIndirect:
    case Opcode::CallRef:
    case Opcode::AnyConvertExtern:
      return true;
    default:
      return false;
  }
}

class Prober {
 public:
  explicit Prober(const testcase::Prepared& prepared)
      : made_{{*prepared.module.module, prepared.plan}, {}} {
    const auto validated = valid::Validate(prepared.module.module, types_, notes_);
    is_valid_ = validated.has_value();
    if (!is_valid_) return;
    ids_ = validated->type_ids;
    for (uint32_t i = 0; i < ids_.size(); ++i) index_of_.emplace(static_cast<uint32_t>(ids_[i]), i);
  }

  std::optional<Probed> Make() {
    if (!is_valid_) return std::nullopt;
    wasm::Module& module = made_.test_case.module;
    const auto imported = static_cast<uint32_t>(
        std::ranges::count(module.imports, wasm::ExternKind::Func, &wasm::Import::kind));
    Import(module, imported);
    for (uint32_t i = 0; i < module.functions.size(); ++i) Rewrite(module, i, imported);
    if (made_.sites.empty() || made_.sites.size() > kSitesMax) return std::nullopt;
    testcase::Budgets budgets = made_.test_case.plan.budgets.value_or(testcase::kPersonBudgets);
    for (uint64_t* fuel : {&budgets.fuel_per_call, &budgets.fuel_total}) {
      *fuel = std::min<uint64_t>(kFuelFactor * *fuel, UINT32_MAX);
    }
    made_.test_case.plan.budgets = budgets;
    return std::move(made_);
  }

 private:
  static void Import(wasm::Module& module, uint32_t index) {
    rewrite::VisitModule(module, [&](rewrite::Space space, uint32_t& each) {
      if (space == rewrite::Space::Func && each >= index) ++each;
    });
    wasm::RenumberNames(module, rewrite::Space::Func, [&](uint32_t each) {
      return std::optional(each >= index ? each + 1 : each);
    });
    const auto type = static_cast<wasm::TypeIdx>(module.types.size());
    module.types.push_back(
        {.is_final = true, .supers = {}, .composite = wasm::FuncType{{ValType::I32, kAnyRef}, {}}});
    module.rec_groups.push_back({.first = type, .count = 1, .is_explicit = false});
    module.imports.push_back({"slabhound", std::string(kProbeName), wasm::FuncRef{type}, 0});
  }

  // The type of the reference that the instruction put on the stack, as the module writes it.
  std::optional<ValType> ProbedType(const Instr& instr, const valid::StackNote& note) const {
    const bool has_one = Puts(instr.op) && !note.unreachable && note.height > note.untouched &&
                         note.top.is_ref() &&
                         types_.Top(note.top.heap()) == wasm::AbstractHeap::Any;
    if (!has_one) return std::nullopt;
    if (!note.top.heap().is_index()) return note.top;
    const auto found = index_of_.find(note.top.heap().index());
    if (found == index_of_.end()) return std::nullopt;
    return ValType::Ref(wasm::HeapType::Index(found->second), note.top.nullable());
  }

  void Rewrite(wasm::Module& module, uint32_t function, uint32_t probe) {
    rewrite::FunctionEditor editor(module, module.functions[function]);
    std::map<ValType, uint32_t> locals;
    uint32_t at = 0;
    editor.ReplaceAll([&](const Instr& instr) {
      editor.Emit(instr);
      const auto type = ProbedType(instr, notes_.functions[function][at]);
      if (type && made_.sites.size() <= kSitesMax) {
        if (!locals.contains(*type)) locals.emplace(*type, editor.AddLocal(*type));
        const uint32_t local = locals.at(*type);
        editor.Emit(Opcode::LocalTee, local);
        editor.Emit(Opcode::I32Const, 0, 0, made_.sites.size());
        editor.Get({local});
        editor.Emit(Opcode::Call, probe);
        made_.sites.push_back({probe + function, at});
      }
      ++at;
    });
  }

  Probed made_;
  wasm::TypeStore types_;
  valid::Notes notes_;
  std::vector<wasm::TypeId> ids_;
  std::map<uint32_t, uint32_t> index_of_;  // the first index of each canonical type
  bool is_valid_ = false;
};

}  // namespace

std::optional<Probed> AddProbes(const testcase::Prepared& prepared) {
  return Prober(prepared).Make();
}

std::string SiteText(const Site& site, const testcase::Prepared& prepared, uint32_t added) {
  const wasm::Module& module = *prepared.module.module;
  const auto imported = static_cast<uint32_t>(module.FunctionCount() - module.functions.size());
  const Instr& instr = module.functions[site.function - imported].body.code[site.instruction];
  std::string function = std::to_string(site.function - added);
  if (module.names != nullptr) {
    const wasm::NameMap& names = module.names->of(wasm::IndexSpace::Func);
    const auto name = names.find(site.function);
    if (name != names.end()) function = "$" + name->second;
  }
  return fmt::format("{}, instruction {} of func {}", wasm::Info(instr.op).text, site.instruction,
                     function);
}

}  // namespace slabhound::graph
