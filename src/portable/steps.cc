#include "portable/steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "trace/limits.h"

namespace slabhound::portable {
namespace {

using machine::Machine;
using machine::Outcome;
using machine::Returned;
using machine::Value;

Outcome Collect(Machine& machine) {
  auto collected = machine.CollectGarbage();
  if (!collected) return std::move(collected.error());
  return Returned{};
}

class Runner {
 public:
  Runner(Machine& machine, const testcase::Prepared& portable, size_t calls)
      : machine_(machine), portable_(portable), calls_(calls) {}

  PortableRun Run() {
    std::vector<machine::Extern> imports;
    for (const wasm::Import& import : portable_.module.module->imports) {
      imports.push_back({wasm::ExternKind::Func, AddImport(import)});
    }
    run_.steps.emplace_back();
    auto instance = machine_.Instantiate(portable_.module, imports);
    if (!instance) {
      End(std::visit([](auto& reason) { return ToOutcome(reason); }, instance.error().reason));
      return std::move(run_);
    }
    for (size_t i = 0; i <= calls_ && !run_.failure; ++i) {
      run_.steps.emplace_back();
      const auto found =
          machine_.FindExport(*instance, i < calls_ ? fmt::format("call {}", i) : "state");
      CHECK(found.has_value());
      machine_.SetFuel(machine_.limits().fuel);
      const size_t mark = machine_.HandleMark();
      End(machine_.Call(found->address, {}));
      if (!run_.failure) machine_.ReleaseHandles(mark);
    }
    return std::move(run_);
  }

 private:
  static Outcome ToOutcome(machine::Failure& failure) {
    return std::visit([](auto& each) -> Outcome { return std::move(each); }, failure);
  }
  static Outcome ToOutcome(machine::ImportFailure& failure) {
    return machine::Panic{"portable form refused", failure.message};
  }

  machine::FuncAddr AddImport(const wasm::Import& import) {
    const wasm::TypeId type = portable_.module.type_ids[std::get<wasm::FuncRef>(import.type).type];
    return machine_.AddHostFunction(
        type,
        [this, name = import.name](Machine& machine, std::span<const Value> arguments) -> Outcome {
          if (name == "log") {
            run_.steps.back().log.push_back(arguments[0].bits);
            return Returned{};
          }
          if (name == "gc") {
            ++run_.collections;
            return Collect(machine);
          }
          if (name == "host") {
            return Returned{{Value::Reference(
                wasm::ValType::Ref(wasm::AbstractHeap::Extern, true),
                {machine::RefKind::Host, static_cast<uint32_t>(arguments[0].bits)})}};
          }
          const machine::Ref ref = arguments[0].ref;  // host-number
          return Returned{
              {Value::I32(ref.kind == machine::RefKind::Host ? ref.payload : UINT32_MAX)}};
        });
  }

  void End(const Outcome& outcome) {
    trace::Happening& end = run_.steps.back().end;
    if (const auto* trap = std::get_if<machine::Trap>(&outcome)) {
      end = trace::Trapped{trap->kind};
    } else if (const auto* exhausted = std::get_if<machine::Exhausted>(&outcome)) {
      end = trace::Exhausted{OwnLimit(exhausted->resource), exhausted->needs};
    } else if (std::holds_alternative<machine::Thrown>(outcome)) {
      end = trace::Uncaught{};
    } else if (const auto* panic = std::get_if<machine::Panic>(&outcome)) {
      end = trace::Failed{trace::FailureKind::Panic, panic->kind};
      run_.failure = trace::Failure{trace::FailureKind::Panic, panic->kind, panic->detail};
    }
  }

  // Budgets are in the form: what runs out here is the machine's own.
  static trace::Limit OwnLimit(machine::Resource resource) {
    switch (resource) {
      case machine::Resource::Fuel:
        return trace::Limit::OwnFuel;
      case machine::Resource::CallDepth:
        return trace::Limit::Stack;
      case machine::Resource::ObjectSize:
      case machine::Resource::HugeObject:
        return trace::Limit::Allocation;
      case machine::Resource::Heap:
        return trace::Limit::Memory;
      case machine::Resource::Instruction:
        return trace::Limit::Instruction;
    }
    UNREACHABLE();
  }

  Machine& machine_;
  const testcase::Prepared& portable_;
  size_t calls_;
  PortableRun run_;
};

}  // namespace

machine::Limits PortableLimits(const PortableOptions& options) {
  constexpr uint64_t kFuelPerFuel = 20;  // of a form: walks and budgets call functions, too
  machine::Limits limits = trace::RunLimits().machine;
  limits.fuel = 100'000'000 + kFuelPerFuel * options.fuel_per_call;
  limits.call_depth_max = 256 + 2 * options.call_depth_max;
  limits.memory_pages_max = testcase::kMemoryMinimumMax;
  limits.object_bytes_max = std::max(limits.object_bytes_max, options.object_bytes_max);
  limits.heap_bytes_max = std::max(limits.heap_bytes_max, 4 * options.object_bytes_max);
  limits.memory_pages_total_max = 10'000;
  limits.table_elements_max = 100'000;
  limits.table_elements_total_max = 1'000'000;
  return limits;
}

std::vector<machine::Extern> CollectImports(Machine& machine, const testcase::Prepared& form) {
  std::vector<machine::Extern> imports;
  for (const wasm::Import& import : form.module.module->imports) {
    const wasm::TypeId type = form.module.type_ids[std::get<wasm::FuncRef>(import.type).type];
    imports.push_back({wasm::ExternKind::Func,
                       machine.AddHostFunction(type, [](Machine& each, std::span<const Value>) {
                         return Collect(each);
                       })});
  }
  return imports;
}

PortableRun RunSteps(Machine& machine, const testcase::Prepared& portable, size_t calls) {
  return Runner(machine, portable, calls).Run();
}

}  // namespace slabhound::portable
