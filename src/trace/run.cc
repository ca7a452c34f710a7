#include "trace/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "trace/digest.h"
#include "trace/host.h"
#include "trace/state.h"

namespace slabhound::trace {
namespace {

class Runner {
 public:
  Runner(machine::Machine& machine, const testcase::Prepared& prepared, const RunLimits& limits)
      : machine_(machine),
        prepared_(prepared),
        limits_(limits),
        host_(machine, prepared, trace_, walks_) {}

  Trace Run() {
    if (Instantiate()) {
      host_.SetInstance(*instance_);
      for (const testcase::Call& call : prepared_.plan.calls) {
        if (fuel_used_ >= limits_.fuel_total) {
          trace_.fuel_exhausted = true;
          break;
        }
        Call(call);
        if (Ended()) break;
      }
    }
    if (!Ended()) State();
    return std::move(trace_);
  }

 private:
  bool Ended() const { return trace_.panic.has_value() || trace_.heap_exhausted; }

  void SetFuel() {
    fuel_given_ = std::min(limits_.fuel_per_call, limits_.fuel_total - fuel_used_);
    machine_.SetFuel(fuel_given_);
  }
  void CountFuel() { fuel_used_ += fuel_given_ - std::min(fuel_given_, machine_.fuel()); }

  bool Instantiate() {
    auto imports = host_.Imports();
    if (!imports) {
      Add(EventKind::Instantiate, {}, "refused: " + imports.error());
      return false;
    }
    SetFuel();
    auto instance = machine_.Instantiate(prepared_.module, *imports);
    CountFuel();
    if (instance) {
      instance_ = *instance;
      Add(EventKind::Instantiate, {}, "ok");
      return true;
    }
    const auto& reason = instance.error().reason;
    if (const auto* mismatch = std::get_if<machine::ImportFailure>(&reason)) {
      Add(EventKind::Instantiate, {}, "refused: " + mismatch->message);
      return false;
    }
    const auto& failure = std::get<machine::Failure>(reason);
    Add(EventKind::Instantiate, {},
        std::visit([this](const auto& each) { return FailureText(each); }, failure));
    return false;
  }

  void Call(const testcase::Call& call) {
    const auto found = machine_.FindExport(*instance_, call.export_name);
    if (!found || found->kind != wasm::ExternKind::Func)
      return Add(EventKind::Call, call.export_name, "no such export");
    const wasm::TypeStore& types = machine_.types();
    const auto& signature =
        std::get<wasm::FuncType>(types[machine_.FunctionType(found->address)].composite);
    std::vector<machine::Value> arguments;
    for (size_t i = 0; i < signature.params.size(); ++i) {
      const auto value =
          host_.ValueOf(signature.params[i], i < call.arguments.size() ? call.arguments[i] : 0);
      if (!value) return Add(EventKind::Call, call.export_name, "skipped: no argument of its type");
      arguments.push_back(*value);
    }
    const size_t mark = machine_.HandleMark();
    SetFuel();
    const machine::Outcome outcome = machine_.Call(found->address, arguments);
    CountFuel();
    Add(EventKind::Call, call.export_name,
        std::visit([this](const auto& each) { return FailureText(each); }, outcome));
    if (!trace_.panic) machine_.ReleaseHandles(mark);
  }

  void Add(EventKind kind, std::string subject, std::string text) {
    trace_.events.push_back({kind, std::move(subject), std::move(text) + host_.TakeFolded()});
  }

  std::string Panicked(machine::Panic panic) {
    std::string text = "panic: " + panic.kind;
    trace_.panic = std::move(panic);
    return text;
  }

  std::string FailureText(const machine::Returned& returned) {
    std::string text = "returns";
    for (const machine::Value& value : returned.values) {
      auto written = ValueText(machine_, value, walks_);
      if (!written) return Panicked(std::move(written.error()));
      text += " " + *written;
    }
    return text;
  }
  std::string FailureText(const machine::Trap& trap) {
    return fmt::format("trap {}", machine::TrapName(trap.kind));
  }
  std::string FailureText(const machine::Thrown& thrown) {
    auto written =
        ValueText(machine_,
                  machine::Value::Reference(wasm::ValType::Ref(wasm::AbstractHeap::Exn, false),
                                            thrown.exception),
                  walks_);
    if (!written) return Panicked(std::move(written.error()));
    return "throws " + *written;
  }
  std::string FailureText(const machine::Exhausted& exhausted) {
    switch (exhausted.resource) {
      case machine::Resource::Fuel:
        trace_.fuel_exhausted = true;
        break;
      case machine::Resource::CallDepth:
        trace_.depth_exhausted = true;
        break;
      case machine::Resource::Heap:
        trace_.heap_exhausted = true;
        break;
    }
    return fmt::format("exhausted {}", machine::ResourceName(exhausted.resource));
  }
  std::string FailureText(const machine::Panic& panic) { return Panicked(panic); }

  void State() {
    if (auto collected = machine_.CollectGarbage(); !collected) {
      return Add(EventKind::Panic, "final collection", Panicked(std::move(collected.error())));
    }
    const std::span<const wasm::Export> exports =
        instance_ ? std::span<const wasm::Export>(prepared_.module.module->exports)
                  : std::span<const wasm::Export>();
    auto events = FinalState(machine_, instance_, exports);
    if (!events) {
      return Add(EventKind::Panic, "final state", Panicked(std::move(events.error())));
    }
    std::ranges::move(*events, std::back_inserter(trace_.events));
  }

  machine::Machine& machine_;
  const testcase::Prepared& prepared_;
  const RunLimits& limits_;
  Trace trace_;
  WalkBudget walks_{kValueFieldsMax};
  Host host_;
  std::optional<machine::InstanceId> instance_;
  uint64_t fuel_used_ = 0, fuel_given_ = 0;
};

}  // namespace

Trace RunOn(machine::Machine& machine, const testcase::Prepared& prepared,
            const RunLimits& limits) {
  return Runner(machine, prepared, limits).Run();
}

}  // namespace slabhound::trace
