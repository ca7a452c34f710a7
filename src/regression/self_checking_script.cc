#include "regression/self_checking_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "engine/info.h"
#include "oracle/machine.h"
#include "portable/self_checking.h"
#include "portable/steps.h"
#include "regression/assertion.h"
#include "script/runner.h"
#include "testcase/prepared.h"
#include "text/wat.h"
#include "worker/command.h"

namespace slabhound::regression {
namespace {

constexpr std::string_view kAction = "(invoke \"run\")";
constexpr std::string_view kCollects = R"((module
  (func (export "gc")))
(register "slabhound")

)";

// How the module's `run` ends on the oracle, as an assertion: each trap by its kind, so that a
// check that fails before it is told apart. Instantiation that traps is the module itself.
std::string AssertionOf(const testcase::Prepared& prepared, std::string& module_text) {
  const auto machine = oracle::MakeMachine(*prepared.types, script::ScriptLimits());
  machine->SetFuel(script::ScriptLimits().fuel);
  const auto instance =
      machine->Instantiate(prepared.module, portable::CollectImports(*machine, prepared));
  if (!instance) {
    const auto* reason = std::get_if<machine::Failure>(&instance.error().reason);
    const auto* trap = reason ? std::get_if<machine::Trap>(reason) : nullptr;
    if (trap == nullptr) return {};
    return AssertionText(std::exchange(module_text, {}), *trap, *prepared.types).value_or("");
  }
  const auto run = machine->FindExport(*instance, "run");
  CHECK(run.has_value());
  machine->SetFuel(script::ScriptLimits().fuel);
  return AssertionText(kAction, machine->Call(run->address, {}), machine->types()).value_or("");
}

}  // namespace

Result<Regression, RegressionError> WriteSelfCheckingScript(const testcase::TestCase& test_case,
                                                            const engine::EngineSpec& suspect) {
  const portable::PortableOptions options =
      portable::Within(trace::RunLimits().Of(test_case.module, test_case.plan),
                       {.exceptions = engine::TakesExceptions(suspect), .calls_gc = true});
  const auto whole = testcase::Prepare(test_case);
  if (!whole) return Fail(RegressionError{whole.error().Message()});
  const auto modules = portable::ExportSelfChecking({*whole->module.module, whole->plan}, options);
  if (!modules) return Fail(RegressionError{modules.error()});
  Regression regression{.script =
                            ";; Each module checks what it sees, and traps with `unreachable` "
                            "where that is not as it "
                            "should be.\n\n"};
  regression.collects = std::ranges::any_of(
      *modules, [](const portable::SelfChecking& each) { return !each.module.imports.empty(); });
  if (regression.collects) regression.script += kCollects;
  for (const portable::SelfChecking& each : *modules) {
    const auto prepared = testcase::Prepare(testcase::TestCase{each.module, {}});
    CHECK(prepared.has_value());
    std::string text = text::PrintModule(each.module);
    if (text.ends_with('\n')) text.pop_back();
    const std::string assertion = AssertionOf(*prepared, text);
    if (assertion.empty()) continue;
    if (!text.empty()) text += "\n";
    regression.script += text + assertion + "\n\n";
    ++regression.assertions;
  }
  return regression;
}

}  // namespace slabhound::regression
