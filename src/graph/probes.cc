#include "graph/probes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "rewrite/edit.h"
#include "rewrite/function_type.h"
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

using Code = std::vector<Instr>;

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
  Prober(const testcase::Prepared& prepared, const ProbeOptions& options)
      : options_(options), made_{{*prepared.module.module, prepared.plan}, {}} {
    const auto validated = valid::Validate(prepared.module.module, types_, notes_);
    is_valid_ = validated.has_value();
    if (!is_valid_) return;
    ids_ = validated->type_ids;
    for (uint32_t i = 0; i < ids_.size(); ++i) index_of_.emplace(static_cast<uint32_t>(ids_[i]), i);
  }

  std::optional<Probed> Make() {
    if (!is_valid_) return std::nullopt;
    wasm::Module& module = made_.test_case.module;
    probe_ = static_cast<uint32_t>(
        std::ranges::count(module.imports, wasm::ExternKind::Func, &wasm::Import::kind));
    Import(module, probe_);
    if (options_.stop_after) {
      left_ = AddGlobal(module, ValType::I32,
                        rewrite::Op(Opcode::I32Const, 0, 0, *options_.stop_after));
    }
    const size_t functions = module.functions.size();
    for (uint32_t i = 0; i < functions; ++i) Rewrite(module, i);
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

  static uint32_t AddGlobal(wasm::Module& module, ValType type, const Instr& init) {
    const auto imported = static_cast<uint32_t>(
        std::ranges::count(module.imports, wasm::ExternKind::Global, &wasm::Import::kind));
    wasm::Global global{.type = {.type = type, .is_mutable = true}, .init = {}};
    global.init.code = {init, rewrite::Op(Opcode::End)};
    module.globals.push_back(std::move(global));
    return imported + static_cast<uint32_t>(module.globals.size()) - 1;
  }

  // Tells what is in a global of its own.
  struct Teller {
    uint32_t function = 0, global = 0;
  };
  Teller TellerOf(wasm::Module& module, wasm::HeapType heap) {
    const ValType type = ValType::Ref(heap, /*nullable=*/true);
    const auto known = tellers_.find(type);
    if (known != tellers_.end()) return known->second;
    const Teller teller{
        module.FunctionCount(),
        AddGlobal(module, type, rewrite::Op(Opcode::RefNull, heap.code())),
    };
    Code code = {rewrite::Op(Opcode::LocalGet, 0), rewrite::Op(Opcode::GlobalGet, teller.global),
                 rewrite::Op(Opcode::Call, probe_)};
    if (options_.stop_after) {
      code.insert(code.end(),
                  {rewrite::Op(Opcode::GlobalGet, left_), rewrite::Op(Opcode::I32Const, 0, 0, 1),
                   rewrite::Op(Opcode::I32Sub), rewrite::Op(Opcode::GlobalSet, left_),
                   rewrite::Op(Opcode::GlobalGet, left_), rewrite::Op(Opcode::I32Const, 0, 0, 1),
                   rewrite::Op(Opcode::I32LtS), rewrite::Op(Opcode::If, wasm::BlockType().bits()),
                   rewrite::Op(Opcode::Unreachable), rewrite::Op(Opcode::End)});
    }
    code.push_back(rewrite::Op(Opcode::End));
    const uint32_t signature = rewrite::FunctionTypeIndex(module, {{ValType::I32}, {}});
    wasm::Function function{.type = signature, .locals = {}, .body = {}};
    function.body.code = std::move(code);
    module.functions.push_back(std::move(function));
    return tellers_.emplace(type, teller).first->second;
  }

  // The reference goes through the global, as a call that it is live across, or a local that holds
  // it, would make stack maps right that are wrong.
  void AddProbe(wasm::Module& module, ValType type, Code& code) {
    const Teller teller = TellerOf(module, type.heap());
    code.push_back(rewrite::Op(Opcode::GlobalSet, teller.global));
    code.push_back(rewrite::Op(Opcode::I32Const, 0, 0, made_.sites.size()));
    code.push_back(rewrite::Op(Opcode::Call, teller.function));
    code.push_back(rewrite::Op(Opcode::GlobalGet, teller.global));
    if (!type.nullable()) code.push_back(rewrite::Op(Opcode::RefAsNonNull));
    code.push_back(rewrite::Op(Opcode::RefNull, type.heap().code()));
    code.push_back(rewrite::Op(Opcode::GlobalSet, teller.global));
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

  void Rewrite(wasm::Module& module, uint32_t function) {
    Code code;
    uint32_t at = 0;
    for (const Instr& instr : std::exchange(module.functions[function].body.code, {})) {
      code.push_back(instr);
      const auto type = ProbedType(instr, notes_.functions[function][at]);
      if (type && made_.sites.size() <= kSitesMax) {
        if (options_.only.value_or(made_.sites.size()) == made_.sites.size()) {
          AddProbe(module, *type, code);
        }
        made_.sites.push_back({probe_ + function, at});
      }
      ++at;
    }
    module.functions[function].body.code = std::move(code);
  }

  ProbeOptions options_;
  uint32_t probe_ = 0;  // the import
  uint32_t left_ = 0;   // the global that counts them
  std::map<ValType, Teller> tellers_;
  Probed made_;
  wasm::TypeStore types_;
  valid::Notes notes_;
  std::vector<wasm::TypeId> ids_;
  std::map<uint32_t, uint32_t> index_of_;  // the first index of each canonical type
  bool is_valid_ = false;
};

}  // namespace

std::optional<Probed> AddProbes(const testcase::Prepared& prepared, const ProbeOptions& options) {
  return Prober(prepared, options).Make();
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
