#include "regression/self_checking_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "oracle/machine.h"
#include "portable/steps.h"
#include "regression/assertion.h"
#include "script/runner.h"
#include "testcase/prepared.h"
#include "text/wat.h"

namespace slabhound::regression {
namespace {

constexpr uint32_t kFuelPerCallMax = 200'000;  // the oracle gives a script's call no more
constexpr uint32_t kLeftOutMax = 20;           // each needs a form of its own

constexpr std::string_view kComment =
    ";; Behind each step of the case `logged` tells a hash of all that could be seen of it.\n\n";
constexpr std::string_view kCollects = R"((module
  (func (export "gc")))
(register "slabhound")

)";

class Writer {
 public:
  Writer(testcase::TestCase test_case, const portable::PortableOptions& options)
      : test_case_(std::move(test_case)), options_(options) {
    options_.fuel_per_call = std::min(options_.fuel_per_call, kFuelPerCallMax);
    auto& calls = test_case_.plan.calls;
    if (calls.size() > kCheckedCallsMax) calls.resize(kCheckedCallsMax);
  }

  Result<Regression, RegressionError> Write() {
    for (uint32_t left_out = 0; left_out <= kLeftOutMax; ++left_out) {
      regression_ = {.script = std::string(kComment), .left_out = left_out};
      TRY_ASSIGN(const std::optional<size_t> limited, Steps());
      if (!limited) return std::move(regression_);
      auto& calls = test_case_.plan.calls;
      if (*limited >= calls.size()) break;  // the final state
      calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(*limited));
    }
    return Fail(RegressionError{"its steps end at limits that no two engines share"});
  }

 private:
  // All of the script. The step that ends at a limit, if one does.
  Result<std::optional<size_t>, RegressionError> Steps() {
    auto form = portable::MakeForScripts(test_case_, options_);
    if (!form) return Fail(RegressionError{form.error().message});
    regression_.collects = !form->imports.empty();
    if (regression_.collects) regression_.script += kCollects;
    std::string text = text::PrintModule(*form);
    const auto prepared = testcase::Prepare(testcase::TestCase{std::move(*form), {}});
    CHECK(prepared.has_value());
    const auto machine = oracle::MakeMachine(*prepared->types, script::ScriptLimits());
    machine->SetFuel(script::ScriptLimits().fuel);
    const auto instance =
        machine->Instantiate(prepared->module, portable::CollectImports(*machine, *prepared));
    if (!instance) {
      const auto* reason = std::get_if<machine::Failure>(&instance.error().reason);
      const auto* trap = reason ? std::get_if<machine::Trap>(reason) : nullptr;
      if (trap == nullptr) return Fail(RegressionError{"its instantiation ends at a limit"});
      if (text.ends_with('\n')) text.pop_back();
      Add(*AssertionText(text, *trap, *prepared->types));
      return std::nullopt;
    }
    regression_.script += text + "\n";
    const size_t calls = test_case_.plan.calls.size();
    for (size_t i = 0; i <= calls + 1; ++i) {
      if (i > 0) {
        const std::string step = i <= calls ? fmt::format("call {}", i - 1) : "state";
        if (!Invoke(*machine, *instance, step)) return i - 1;
      }
      CHECK(Invoke(*machine, *instance, "logged"));
    }
    return std::nullopt;
  }

  void Add(const std::string& assertion) {
    regression_.script += assertion + "\n";
    ++regression_.assertions;
  }

  // False where it ends at a limit.
  bool Invoke(machine::Machine& machine, machine::InstanceId instance, const std::string& name) {
    const auto found = machine.FindExport(instance, name);
    CHECK(found.has_value());
    machine.SetFuel(script::ScriptLimits().fuel);
    const size_t mark = machine.HandleMark();
    const machine::Outcome outcome = machine.Call(found->address, {});
    // How deep a stack is, is each engine's affair; the form has its own depth.
    const bool limited = std::holds_alternative<machine::Exhausted>(outcome);
    const auto assertion = limited ? std::nullopt
                                   : AssertionText(fmt::format("(invoke {})", text::Quoted(name)),
                                                   outcome, machine.types());
    if (!assertion) return false;
    machine.ReleaseHandles(mark);
    Add(*assertion);
    return true;
  }

  testcase::TestCase test_case_;
  portable::PortableOptions options_;
  Regression regression_;
};

}  // namespace

Result<Regression, RegressionError> WriteSelfCheckingScript(
    const testcase::TestCase& test_case, const portable::PortableOptions& options) {
  const auto whole = testcase::Prepare(test_case);
  if (!whole) return Fail(RegressionError{whole.error().Message()});
  const testcase::TestCase lowered{*whole->module.module, whole->plan};
  return Writer(lowered,
                portable::Within(trace::RunLimits().Of(test_case.module, test_case.plan), options))
      .Write();
}

}  // namespace slabhound::regression
