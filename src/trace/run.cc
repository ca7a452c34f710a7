#include "trace/run.h"

#include <algorithm>
#include <iterator>

#include "trace/digest.h"
#include "trace/host.h"
#include "trace/state.h"

namespace slabhound::trace {
namespace {

class Runner {
 public:
  Runner(machine::Machine& machine, const testcase::Prepared& prepared, const RunLimits& limits,
         GuardNote* note)
      : machine_(machine),
        prepared_(prepared),
        limits_(limits),
        note_(note),
        walks_{kValueFieldsMax, limits.keep_walks ? &trace_.walks.words() : nullptr},
        host_(machine, prepared, trace_, walks_) {}

  Trace Run() {
    constexpr size_t kOthers = 64;  // than outcomes of calls, as most cases have
    trace_.events.reserve(prepared_.plan.calls.size() + kOthers);
    if (Instantiate()) {
      host_.SetInstance(*instance_);
      uint32_t step = kFirstCallStep;
      for (const testcase::Call& call : prepared_.plan.calls) {
        if (fuel_used_ >= limits_.fuel_total) {
          trace_.fuel_exhausted = true;
          break;
        }
        Note(step++);
        Call(call);
        if (Ended()) break;
      }
    }
    if (!trace_.failure) {
      Note(kStateStep);
      if (!trace_.heap_exhausted) State();
    }
    if (!trace_.failure) TakeCensus();
    return std::move(trace_);
  }

 private:
  bool Ended() const { return trace_.failure.has_value() || trace_.heap_exhausted; }

  void Note(uint32_t step) {
    if (note_ != nullptr) note_->Step(step);
  }

  void SetFuel() {
    fuel_given_ = std::min(limits_.fuel_per_call, limits_.fuel_total - fuel_used_);
    machine_.SetFuel(fuel_given_);
  }
  void CountFuel() { fuel_used_ += fuel_given_ - std::min(fuel_given_, machine_.fuel()); }

  // What a machine would call out of heap, in the words of portable forms.
  std::optional<std::string> TooLarge() const {
    const machine::Limits& limits = machine_.limits();
    for (const wasm::Table& table : prepared_.module.module->tables) {
      const uint64_t min = table.type.limits.min, max = limits.table_elements_max;
      if (min > max) return testcase::TooLargeText("a table", min, "elements", max);
    }
    for (const wasm::Memory& memory : prepared_.module.module->memories) {
      const uint64_t min = memory.type.limits.min;
      if (min > limits.memory_pages_max) {
        return testcase::TooLargeText("a memory", min, "pages", testcase::kMemoryMinimumMax);
      }
    }
    return std::nullopt;
  }

  bool Instantiate() {
    if (auto reason = TooLarge()) {
      Add(EventKind::Instantiate, {}, Refused{*std::move(reason)});
      return false;
    }
    auto imports = host_.Imports();
    if (!imports) {
      Add(EventKind::Instantiate, {}, Refused{imports.error()});
      return false;
    }
    SetFuel();
    auto instance = machine_.Instantiate(prepared_.module, *imports);
    CountFuel();
    if (instance) {
      instance_ = *instance;
      Add(EventKind::Instantiate, {}, Instantiated{});
      return true;
    }
    const auto& reason = instance.error().reason;
    if (const auto* mismatch = std::get_if<machine::ImportFailure>(&reason)) {
      Add(EventKind::Instantiate, {}, Refused{mismatch->message});
      return false;
    }
    const auto& failure = std::get<machine::Failure>(reason);
    Add(EventKind::Instantiate, {},
        std::visit([this](const auto& each) { return Ending(each); }, failure));
    return false;
  }

  void Call(const testcase::Call& call) {
    const auto found = machine_.FindExport(*instance_, call.export_name);
    if (!found || found->kind != wasm::ExternKind::Func)
      return Add(EventKind::Call, call.export_name, NotCalled{});
    const wasm::TypeStore& types = machine_.types();
    const auto& signature =
        std::get<wasm::FuncType>(types[machine_.FunctionType(found->address)].composite);
    std::vector<machine::Value> arguments;
    arguments.reserve(signature.params.size());
    for (size_t i = 0; i < signature.params.size(); ++i) {
      const auto value =
          host_.ValueOf(signature.params[i], i < call.arguments.size() ? call.arguments[i] : 0);
      if (!value) return Add(EventKind::Call, call.export_name, NotCalled{.exported = true});
      arguments.push_back(*value);
    }
    const size_t mark = machine_.HandleMark();
    SetFuel();
    const machine::Outcome outcome = machine_.Call(found->address, arguments);
    CountFuel();
    Add(EventKind::Call, call.export_name,
        std::visit([this](const auto& each) { return Ending(each); }, outcome));
    if (!trace_.failure) machine_.ReleaseHandles(mark);
  }

  void Add(EventKind kind, std::string subject, Happening what) {
    trace_.walks.EndEvent(trace_.events.size());
    trace_.events.emplace_back(kind, std::move(subject), std::move(what), host_.TakeFolded());
  }

  Happening Ending(const machine::Returned& returned) {
    Returned told;
    told.values.reserve(returned.values.size());
    for (const machine::Value& value : returned.values) {
      auto each = TellValue(machine_, value, walks_);
      if (!each) return Ending(each.error());
      told.values.push_back(*each);
    }
    return told;
  }
  Happening Ending(const machine::Trap& trap) { return Trapped{trap.kind}; }
  Happening Ending(const machine::Thrown& thrown) {
    auto told = TellValue(machine_,
                          machine::Value::Reference(
                              wasm::ValType::Ref(wasm::AbstractHeap::Exn, false), thrown.exception),
                          walks_);
    if (!told) return Ending(told.error());
    return Threw{*told};
  }
  Happening Ending(const machine::Exhausted& exhausted) {
    const Limit limit = LimitOf(exhausted.resource);
    trace_.NoteExhausted(limit, exhausted.needs);
    return Exhausted{limit, exhausted.needs};
  }
  Happening Ending(const machine::Panic& panic) {
    const FailureKind kind = panic.is_leak ? FailureKind::Leak : FailureKind::Panic;
    trace_.failure = Failure{kind, panic.kind, panic.detail};
    return Failed{kind, panic.kind};
  }

  void State() {
    if (auto collected = machine_.CollectGarbage(); !collected) {
      return Add(EventKind::Panic, "final collection", Ending(collected.error()));
    }
    const std::span<const wasm::Export> exports =
        instance_ ? std::span<const wasm::Export>(prepared_.module.module->exports)
                  : std::span<const wasm::Export>();
    auto events = FinalState(machine_, instance_, exports, walks_.words);
    if (!events) return Add(EventKind::Panic, "final state", Ending(events.error()));
    trace_.walks.EndEvent(trace_.events.size());
    std::ranges::move(*events, std::back_inserter(trace_.events));
  }

  void TakeCensus() {
    const auto counted = machine_.TakeCensus();
    if (!counted) Add(EventKind::Panic, "census", Ending(counted.error()));
  }

  machine::Machine& machine_;
  const testcase::Prepared& prepared_;
  const RunLimits& limits_;
  GuardNote* note_;
  Trace trace_;
  WalkBudget walks_;
  Host host_;
  std::optional<machine::InstanceId> instance_;
  uint64_t fuel_used_ = 0, fuel_given_ = 0;
};

}  // namespace

Trace RunOn(machine::Machine& machine, const testcase::Prepared& prepared, const RunLimits& limits,
            GuardNote* note) {
  return Runner(machine, prepared, limits, note).Run();
}

}  // namespace slabhound::trace
