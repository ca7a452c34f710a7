#include "regression/regression.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "oracle/machine.h"
#include "regression/assertion.h"
#include "regression/host_module.h"
#include "testcase/meaning.h"
#include "testcase/prepared.h"
#include "text/wat.h"
#include "trace/host.h"

namespace slabhound::regression {
namespace {

constexpr uint64_t kFuelMin = 200'000;  // of a call: generated cases have too little for scripts
constexpr uint32_t kLeftOutMax = 20;    // each needs a run of its own

// What scripts give: more than a generated case gets, so that deep calls end by themselves.
machine::Limits ScriptLimits() {
  machine::Limits limits;
  limits.call_depth_max = 10'000;
  return limits;
}

class Writer {
 public:
  explicit Writer(testcase::TestCase test_case)
      : test_case_(std::move(test_case)), left_out_(test_case_.plan.calls.size(), 0) {
    for (wasm::Import& import : test_case_.module.imports) {
      if (!testcase::ForcesCollection(import, test_case_.module)) continue;
      import.module = testcase::kCollectModule;
      import.name = testcase::kCollectName;
      collects_ = true;
    }
  }

  Result<Regression, RegressionError> Write() {
    auto prepared = testcase::Prepare(test_case_);
    if (!prepared) return Fail(RegressionError{prepared.error().Message()});
    const auto hosts = HostModules(*prepared);
    if (!hosts) return Fail(RegressionError{hosts.error()});
    if (std::ranges::any_of(*hosts, &HostModule::stands_in)) hosts_ = HostPattern::AnyObject;
    // A call that does not end is left out, and those behind it are asked again without it.
    for (uint32_t run = 0; run <= kLeftOutMax; ++run) {
      regression_ = {};
      TRY_ASSIGN(const bool complete, Commands(*prepared));
      if (complete) {
        regression_.collects = collects_;
        regression_.script = Modules(*hosts) + commands_;
        return std::move(regression_);
      }
    }
    return Fail(RegressionError{fmt::format("more than {} calls do not end", kLeftOutMax)});
  }

 private:
  uint64_t FuelPerCall() const {
    const auto& budgets = test_case_.plan.budgets;
    return budgets ? std::max(kFuelMin, budgets->fuel_per_call) : kFuelMin;
  }

  std::string Modules(const std::vector<HostModule>& hosts) const {
    std::string text;
    for (const HostModule& host : hosts) {
      text += text::PrintModule(host.module);
      text += fmt::format("(register {})\n\n", text::Quoted(host.name));
    }
    return text + module_text_;
  }

  // All commands from the module on. False when a call turned out not to end.
  Result<bool, RegressionError> Commands(const testcase::Prepared& prepared) {
    commands_.clear();
    depth_exhausted_ = false;
    module_text_ = text::PrintModule(test_case_.module);
    const auto machine = oracle::MakeMachine(*prepared.types, ScriptLimits());
    trace::Trace trace;
    trace::WalkBudget walks{10'000};
    trace::Host host(*machine, prepared, trace, walks);
    const auto imports = host.Imports();
    if (!imports) return Fail(RegressionError{imports.error()});
    machine->SetFuel(FuelPerCall());
    const auto instance = machine->Instantiate(prepared.module, *imports);
    if (!instance) {
      TRY(Uninstantiable(instance.error(), prepared));
      return true;
    }
    host.SetInstance(*instance);
    commands_ = "\n";
    for (size_t i = 0; i < test_case_.plan.calls.size(); ++i) {
      TRY_ASSIGN(const bool ended, CallCommand(i, *machine, *instance));
      if (!ended) return false;
    }
    TRY(GlobalCommands(*machine, *instance));
    return true;
  }

  // Of the final state, scripts can ask for exported globals.
  Result<void, RegressionError> GlobalCommands(machine::Machine& machine,
                                               machine::InstanceId instance) {
    // Engines have stacks of their own: where one ran out, they may differ in what came before.
    if (depth_exhausted_) return {};
    for (const wasm::Export& exported : test_case_.module.exports) {
      if (exported.kind != wasm::ExternKind::Global) continue;
      const auto found = machine.FindExport(instance, exported.name);
      CHECK(found.has_value());
      const auto value = machine.ReadGlobal(found->address);
      if (!value) return Fail(RegressionError{"the oracle ends in a panic: " + value.error().kind});
      commands_ += *AssertionText(fmt::format("(get {})", text::Quoted(exported.name)),
                                  machine::Returned{{*value}}, machine.types(), hosts_) +
                   "\n";
      ++regression_.assertions;
    }
    return {};
  }

  // The module's own text becomes the action of an assertion.
  Result<void, RegressionError> Uninstantiable(const machine::InstantiationFailure& failure,
                                               const testcase::Prepared& prepared) {
    const auto* reason = std::get_if<machine::Failure>(&failure.reason);
    const auto* trap = reason ? std::get_if<machine::Trap>(reason) : nullptr;
    if (!trap) {
      return Fail(RegressionError{"the module's instantiation does not end in a trap"});
    }
    if (module_text_.ends_with('\n')) module_text_.pop_back();
    module_text_ = *AssertionText(module_text_, *trap, *prepared.types) + "\n";
    regression_.assertions = 1;
    return {};
  }

  Result<bool, RegressionError> CallCommand(size_t i, machine::Machine& machine,
                                            machine::InstanceId instance) {
    const testcase::Call& call = test_case_.plan.calls[i];
    const auto found = machine.FindExport(instance, call.export_name);
    if (!found || found->kind != wasm::ExternKind::Func) {
      commands_ += fmt::format(";; {}: no such export\n", text::Quoted(call.export_name));
      return true;
    }
    const wasm::TypeStore& types = machine.types();
    const auto& signature =
        std::get<wasm::FuncType>(types[machine.FunctionType(found->address)].composite);
    std::vector<machine::Value> arguments;
    for (size_t k = 0; k < signature.params.size(); ++k) {
      const auto value = trace::Host::ValueOf(signature.params[k],
                                              k < call.arguments.size() ? call.arguments[k] : 0);
      if (!value) {
        commands_ +=
            fmt::format(";; {}: a parameter admits no argument\n", text::Quoted(call.export_name));
        return true;
      }
      arguments.push_back(*value);
    }
    const auto action = InvokeText(call, arguments, types);
    if (!action) {
      return Fail(RegressionError{fmt::format(
          "call {} of {}: an argument has no constant in scripts", i, call.export_name)});
    }
    if (left_out_[i] != 0) {
      ++regression_.left_out;
      commands_ += fmt::format(";; left out, as it does not end: {}\n", *action);
      return true;
    }
    machine.SetFuel(FuelPerCall());
    const machine::Outcome outcome = machine.Call(found->address, arguments);
    const auto assertion = AssertionText(*action, outcome, types, hosts_);
    if (!assertion) {
      left_out_[i] = 1;
      return false;
    }
    depth_exhausted_ |= std::holds_alternative<machine::Exhausted>(outcome);
    ++regression_.assertions;
    commands_ += *assertion + "\n";
    return true;
  }

  testcase::TestCase test_case_;
  bool collects_ = false;
  HostPattern hosts_ = HostPattern::Number;
  std::vector<uint8_t> left_out_;  // per call of the plan
  Regression regression_;
  std::string module_text_, commands_;
  bool depth_exhausted_ = false;  // by a call of the script
};

}  // namespace

Result<Regression, RegressionError> WriteRegression(const testcase::TestCase& test_case) {
  return Writer(test_case).Write();
}

}  // namespace slabhound::regression
