#include "script/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/check.h"
#include "machine/link.h"
#include "rewrite/legacy_exceptions.h"
#include "script/judge.h"
#include "script/spectest.h"
#include "testcase/meaning.h"
#include "text/wat.h"
#include "valid/valid_module.h"
#include "wasm/decode.h"

namespace slabhound::script {
namespace {

using machine::Extern;
using machine::InstanceId;
using machine::Machine;
using machine::Outcome;
using machine::Value;
using wasm::ExternKind;

// What one call, or one instantiation, may use. All of the specification's scripts need less.
constexpr uint64_t kFuel = 10'000'000;

// Why an action could not even start.
struct NotRun {
  std::string reason;
};

using Instantiated = Result<InstanceId, machine::InstantiationFailure>;

class Runner {
 public:
  explicit Runner(Machine& machine) : machine_(machine), spectest_(machine) {}

  Report Run(const Script& script) {
    const std::vector<Command>& commands = script.commands;
    source_ = script.source;
    size_t done = 0;
    while (done < commands.size() && !panicked_) {
      line_ = commands[done].line;
      const size_t mark = machine_.HandleMark();
      std::visit([this](const auto& what) { RunCommand(what); }, commands[done].what);
      ++done;
      if (!panicked_) machine_.ReleaseHandles(mark);
    }
    if (panicked_ && done < commands.size()) {
      const size_t rest = commands.size() - done;
      report_.failed += rest;
      report_.failures.push_back(
          {commands[done].line, fmt::format("{} commands not run after the panic", rest)});
    }
    if (!panicked_) CheckHeap();
    return std::move(report_);
  }

 private:
  // As behind a run of a case: what is lost may be what no command reads.
  void CheckHeap() {
    constexpr uint64_t kElementsMax = 4096;  // of a table
    Result<void, machine::Panic> sound = machine_.CollectGarbage();
    const auto read = [&](Result<Value, machine::Panic> value) {
      if (!value) sound = Fail(std::move(value.error()));
    };
    for (uint32_t i = 0; sound && i < machine_.AddressCount(wasm::ExternKind::Global); ++i) {
      read(machine_.ReadGlobal(i));
    }
    for (uint32_t i = 0; sound && i < machine_.AddressCount(wasm::ExternKind::Table); ++i) {
      const uint64_t size = std::min(kElementsMax, machine_.TableTypeOf(i).limits.min);
      for (uint64_t k = 0; sound && k < size; ++k) read(machine_.ReadTable(i, k));
    }
    if (sound) sound = machine_.TakeCensus();
    if (!sound) FailCommand("at the end came " + Text(Outcome(sound.error())));
  }

  void FailCommand(std::string message) {
    ++report_.failed;
    report_.failures.push_back({line_, std::move(message)});
  }

  void RunCommand(const DefineModule& definition) {
    // A module that fails leaves nothing behind that later commands could mistake for it.
    latest_definition_ = nullptr;
    if (definition.instantiate) latest_instance_.reset();
    const auto valid = Load(definition.source);
    if (!valid) return FailCommand("expected a module, came " + valid.error().Message());
    latest_definition_ = *valid;
    if (!definition.name.empty()) definitions_[definition.name] = *valid;
    if (definition.instantiate) AddInstance(definition.name, **valid);
  }

  void RunCommand(const InstantiateModule& instance) {
    latest_instance_.reset();
    const auto named = definitions_.find(instance.definition);
    const auto definition = instance.definition.empty()   ? latest_definition_
                            : named != definitions_.end() ? named->second
                                                          : nullptr;
    if (!definition) return FailCommand("unknown module definition $" + instance.definition);
    AddInstance(instance.name, *definition);
  }

  void AddInstance(const std::string& name, const valid::ValidModule& module) {
    const Instantiated instance = Instantiate(module);
    if (!instance) {
      return FailCommand("expected an instance, came " + FailureText(instance.error()));
    }
    latest_instance_ = *instance;
    if (!name.empty()) instances_[name] = *instance;
  }

  void RunCommand(const RegisterInstance& registration) {
    const auto instance = FindInstance(registration.instance);
    if (!instance) return FailCommand(instance.error().reason);
    registered_[registration.module_name] = *instance;
  }

  void RunCommand(const Action& action) {
    const auto outcome = Do(action);
    if (!outcome) return FailCommand(outcome.error().reason);
    if (!std::holds_alternative<machine::Returned>(*outcome)) {
      FailCommand(
          fmt::format("{}: expected a return, came {}", ActionText(action), Text(*outcome)));
    }
  }

  void RunCommand(const Assertion& assertion) {
    const auto* action = std::get_if<Action>(&assertion.subject);
    const std::string failure =
        action ? JudgeAction(assertion, *action)
               : JudgeModule(assertion, std::get<ModuleSource>(assertion.subject));
    if (failure.empty()) {
      ++report_.passed;
    } else {
      FailCommand(fmt::format("{}: {}", AssertionName(assertion.expectation), failure));
    }
  }

  // What is wrong; empty when nothing is.
  std::string JudgeAction(const Assertion& assertion, const Action& action) {
    const auto outcome = Do(action);
    if (!outcome) return outcome.error().reason;
    if (Meets(assertion, *outcome, machine_.types())) return {};
    return fmt::format("{}: expected {}, came {}", ActionText(action), ExpectedText(assertion),
                       Text(*outcome));
  }

  std::string JudgeModule(const Assertion& assertion, const ModuleSource& source) {
    const std::string expected = "expected " + ExpectedText(assertion) + ", came ";
    const auto valid = Load(source);
    if (!valid) {
      return Meets(assertion, valid.error()) ? std::string() : expected + valid.error().Message();
    }
    if (assertion.expectation == Expectation::Malformed ||
        assertion.expectation == Expectation::Invalid) {
      return expected + "a valid module";
    }
    const Instantiated instance = Instantiate(**valid);
    if (instance) return expected + "an instance";
    return Meets(assertion, instance.error()) ? std::string()
                                              : expected + FailureText(instance.error());
  }

  Result<std::shared_ptr<const valid::ValidModule>, wasm::Error> Load(const ModuleSource& source) {
    std::shared_ptr<const wasm::Module> module;
    if (const auto* text = std::get_if<TextModule>(&source)) {
      TRY_ASSIGN(module, text->module);
    } else if (const auto* binary = std::get_if<BinaryModule>(&source)) {
      TRY_ASSIGN(wasm::Module decoded, wasm::Decode(binary->bytes));
      module = std::make_shared<const wasm::Module>(std::move(decoded));
    } else {
      TRY_ASSIGN(wasm::Module read, text::ReadModule(std::get<QuotedModule>(source).source));
      module = std::make_shared<const wasm::Module>(std::move(read));
    }
    auto valid = valid::Validate(module, machine_.types());
    if (valid && rewrite::HasLegacyExceptions(*module)) {
      wasm::Module lowered = *module;
      rewrite::LowerLegacyExceptions(lowered);
      valid = valid::Validate(std::make_shared<const wasm::Module>(std::move(lowered)),
                              machine_.types());
    }
    if (!valid) {
      if (std::holds_alternative<BinaryModule>(source)) return Fail(std::move(valid).error());
      const auto* quoted = std::get_if<QuotedModule>(&source);
      return Fail(text::Located(std::move(valid).error(), quoted ? quoted->source : source_));
    }
    return std::make_shared<const valid::ValidModule>(*std::move(valid));
  }

  Instantiated Instantiate(const valid::ValidModule& module) {
    const auto imports = machine::ResolveImports(*module.module, [&](const wasm::Import& import) {
      return FindImport(import, *module.module);
    });
    if (!imports) return Fail(machine::InstantiationFailure{imports.error()});
    machine_.SetFuel(kFuel);
    Instantiated instance = machine_.Instantiate(module, *imports);
    if (!instance) {
      const auto* failure = std::get_if<machine::Failure>(&instance.error().reason);
      panicked_ |= failure && std::holds_alternative<machine::Panic>(*failure);
    }
    return instance;
  }

  std::optional<Extern> FindImport(const wasm::Import& import, const wasm::Module& module) const {
    const auto instance = registered_.find(import.module);
    const bool collects = testcase::CollectsInScripts(import, module);
    if (instance != registered_.end() && !collects)
      return machine_.FindExport(instance->second, import.name);
    return spectest_.Find(import, module);
  }

  Result<InstanceId, NotRun> FindInstance(const std::string& name) const {
    if (name.empty()) {
      if (!latest_instance_) return Fail(NotRun{"there is no instance"});
      return *latest_instance_;
    }
    const auto found = instances_.find(name);
    if (found == instances_.end()) return Fail(NotRun{"unknown instance $" + name});
    return found->second;
  }

  Result<Outcome, NotRun> Do(const Action& action) {
    TRY_ASSIGN(const InstanceId instance, FindInstance(action.instance));
    const auto field = machine_.FindExport(instance, action.field);
    const ExternKind wanted = action.is_call ? ExternKind::Func : ExternKind::Global;
    if (!field || field->kind != wanted) {
      return Fail(
          NotRun{fmt::format("there is no exported {} {}", action.is_call ? "function" : "global",
                             text::Quoted(action.field))});
    }
    Outcome outcome;
    if (action.is_call) {
      TRY_ASSIGN(outcome, Call(field->address, action));
    } else {
      auto value = machine_.ReadGlobal(field->address);
      if (value) {
        outcome = machine::Returned{{*std::move(value)}};
      } else {
        outcome = std::move(value).error();
      }
    }
    panicked_ |= std::holds_alternative<machine::Panic>(outcome);
    return outcome;
  }

  Result<Outcome, NotRun> Call(machine::FuncAddr function, const Action& action) {
    const wasm::TypeStore& types = machine_.types();
    const auto& type = std::get<wasm::FuncType>(types[machine_.FunctionType(function)].composite);
    bool match = type.params.size() == action.arguments.size();
    std::vector<Value> arguments = action.arguments;
    for (size_t i = 0; match && i < arguments.size(); ++i) {
      match = types.IsSubtype(arguments[i].type, type.params[i]);
      arguments[i].type = type.params[i];
    }
    if (!match) {
      return Fail(NotRun{ActionText(action) + ": the arguments do not match its parameters"});
    }
    machine_.SetFuel(kFuel);
    return machine_.Call(function, arguments);
  }

  static std::string ActionText(const Action& action) {
    return fmt::format("{} {}", action.is_call ? "invoke" : "get", text::Quoted(action.field));
  }
  std::string Text(const Outcome& outcome) const { return OutcomeText(outcome, machine_.types()); }

  Machine& machine_;
  std::string_view source_;
  Spectest spectest_;
  std::map<std::string, std::shared_ptr<const valid::ValidModule>> definitions_;
  std::shared_ptr<const valid::ValidModule> latest_definition_;
  std::map<std::string, InstanceId> instances_, registered_;
  std::optional<InstanceId> latest_instance_;
  uint32_t line_ = 0;
  bool panicked_ = false;
  Report report_;
};

}  // namespace

machine::Limits ScriptLimits() {
  machine::Limits limits;
  limits.fuel = kFuel;
  limits.call_depth_max = 10'000;
  limits.memory_pages_max = 1'024;
  limits.memory_pages_total_max = 8 * 1'024;
  limits.table_elements_max = 10'000'000;
  limits.table_elements_total_max = 40'000'000;
  return limits;
}

Report RunScript(const Script& script, Machine& machine) { return Runner(machine).Run(script); }

}  // namespace slabhound::script
