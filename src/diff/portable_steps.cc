#include "diff/portable_steps.h"

#include <fmt/format.h>

#include "base/check.h"

namespace slabhound::diff {
namespace {

using embed::Outcome;
using embed::Returned;
using embed::Value;

class Runner {
 public:
  Runner(embed::Machine& machine, const Prepared& portable, size_t calls)
      : machine_(machine), portable_(portable), calls_(calls) {}

  PortableRun Run() {
    std::vector<embed::Extern> imports;
    for (const wasm::Import& import : portable_.module.module->imports) {
      imports.push_back({wasm::ExternKind::Func, AddImport(import)});
    }
    run_.steps.emplace_back();
    auto instance = machine_.Instantiate(portable_.module, imports);
    if (!instance) {
      End(std::visit([](auto& reason) { return ToOutcome(reason); }, instance.error().reason));
      return std::move(run_);
    }
    for (size_t i = 0; i <= calls_ && !run_.panic; ++i) {
      run_.steps.emplace_back();
      const auto found =
          machine_.FindExport(*instance, i < calls_ ? fmt::format("call {}", i) : "state");
      CHECK(found.has_value());
      machine_.SetFuel(machine_.limits().fuel);
      const size_t mark = machine_.HandleMark();
      End(machine_.Call(found->address, {}));
      if (!run_.panic) machine_.ReleaseHandles(mark);
    }
    return std::move(run_);
  }

 private:
  static Outcome ToOutcome(embed::Failure& failure) {
    return std::visit([](auto& each) -> Outcome { return std::move(each); }, failure);
  }
  static Outcome ToOutcome(embed::ImportFailure& failure) {
    return embed::Panic{"portable form refused", failure.message};
  }

  embed::FuncAddr AddImport(const wasm::Import& import) {
    const wasm::TypeId type = portable_.module.type_ids[std::get<wasm::FuncRef>(import.type).type];
    return machine_.AddHostFunction(
        type,
        [this, name = import.name](embed::Machine& machine,
                                   std::span<const Value> arguments) -> Outcome {
          if (name == "log") {
            run_.steps.back().log.push_back(arguments[0].bits);
            return Returned{};
          }
          if (name == "gc") {
            auto collected = machine.CollectGarbage();
            if (!collected) return std::move(collected.error());
            return Returned{};
          }
          if (name == "host") {
            return Returned{{Value::Reference(
                wasm::ValType::Ref(wasm::AbstractHeap::Extern, true),
                {embed::RefKind::Host, static_cast<uint32_t>(arguments[0].bits)})}};
          }
          const embed::Ref ref = arguments[0].ref;  // host-number
          return Returned{
              {Value::I32(ref.kind == embed::RefKind::Host ? ref.payload : UINT32_MAX)}};
        });
  }

  void End(const Outcome& outcome) {
    PortableStep& step = run_.steps.back();
    if (const auto* trap = std::get_if<embed::Trap>(&outcome)) {
      step.end = StepEnd::Trapped;
      step.text = embed::TrapName(trap->kind);
    } else if (const auto* exhausted = std::get_if<embed::Exhausted>(&outcome)) {
      step.end = StepEnd::HostLimit;
      step.text = embed::ResourceName(exhausted->resource);
    } else if (std::holds_alternative<embed::Thrown>(outcome)) {
      step.end = StepEnd::Failed;
      step.text = "an exception came out";
    } else if (const auto* panic = std::get_if<embed::Panic>(&outcome)) {
      step.end = StepEnd::Failed;
      step.text = "panic: " + panic->kind;
      run_.panic = *panic;
    }
  }

  embed::Machine& machine_;
  const Prepared& portable_;
  size_t calls_;
  PortableRun run_;
};

}  // namespace

embed::Limits PortableLimits() {
  embed::Limits limits = RunLimits().machine;
  limits.fuel = 100'000'000;
  limits.call_depth_max = 256;
  limits.memory_pages_total_max = 10'000;
  limits.table_elements_max = 100'000;
  limits.table_elements_total_max = 1'000'000;
  return limits;
}

PortableRun RunSteps(const Prepared& portable, size_t calls, const EngineSpec& spec,
                     const embed::Limits& limits) {
  return Runner(*MakeMachine(spec, *portable.types, limits), portable, calls).Run();
}

Result<Trace, std::string> RunAsPortable(const testcase::TestCase& test_case,
                                         const testcase::PortableOptions& options,
                                         const EngineSpec& spec, testcase::Avoidance avoidance) {
  auto module = testcase::MakePortable(test_case, options);
  if (!module) return Fail(module.error().message);
  testcase::Avoid(avoidance, *module);
  const auto prepared = Prepare(testcase::TestCase{std::move(*module), {}});
  if (!prepared) return Fail("the portable form is invalid: " + prepared.error().Message());
  PortableRun run = RunSteps(*prepared, test_case.plan.calls.size(), spec, PortableLimits());
  Trace trace = PortableTrace(test_case.module, test_case.plan, run.steps);
  trace.panic = std::move(run.panic);
  return trace;
}

}  // namespace slabhound::diff
