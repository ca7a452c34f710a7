#include "fuzz/observation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.h"
#include "base/hash.h"
#include "oracle/machine.h"
#include "trace/host.h"

namespace slabhound::fuzz {
namespace {

using machine::Extern;
using machine::Outcome;
using machine::Value;
using wasm::ExternKind;
using wasm::TypeKind;

constexpr uint64_t kFuelPerStep = 20'000;

std::string ValueWord(const Value& value) {
  if (!value.type.is_ref()) return NumberWord(value.type, value.bits);
  return RefWord(value.type, value.ref.kind == machine::RefKind::Null
                                 ? std::nullopt
                                 : std::optional(value.ref.payload));
}

std::vector<std::string> ValueWords(std::span<const Value> values) {
  std::vector<std::string> words;
  for (const Value& value : values) words.push_back(ValueWord(value));
  return words;
}

class Observer {
 public:
  explicit Observer(const diff::Prepared& prepared)
      : prepared_(prepared), machine_(oracle::MakeMachine(*prepared.types, Limits())) {}

  Observation Run() {
    observation_.steps.emplace_back();
    machine_->SetFuel(kFuelPerStep);
    const auto instance = machine_->Instantiate(prepared_.module, Imports());
    if (!instance) {
      const auto* failure = std::get_if<machine::Failure>(&instance.error().reason);
      CHECK(failure != nullptr);  // the imports are the ones the module wants
      std::visit([this](const auto& each) { End(each); }, *failure);
    } else {
      Tell("instantiated");
      for (const testcase::Call& call : prepared_.plan.calls) {
        if (observation_.exhausted) break;
        Call(*instance, call);
      }
    }
    if (instance && !observation_.exhausted) State();
    return std::move(observation_);
  }

 private:
  static machine::Limits Limits() {
    machine::Limits limits;
    limits.call_depth_max = 100;  // wabt's stacks hold more
    limits.stack_weight_max = 20'000;
    return limits;
  }

  void Tell(std::string word) { observation_.steps.back().push_back(std::move(word)); }
  void End(const machine::Returned& returned) { Tell(OutcomeWord(ValueWords(returned.values))); }
  void End(const machine::Trap& trap) { Tell(OutcomeWord(trap.kind)); }
  void End(const machine::Exhausted&) {
    observation_.exhausted = true;
    observation_.steps.pop_back();
  }
  void End(const machine::Thrown&) { UNREACHABLE(); }  // there are no tags
  void End(const machine::Panic&) { UNREACHABLE(); }   // the oracle has none

  std::vector<Extern> Imports() {
    std::vector<Extern> externs;
    uint32_t functions = 0, globals = 0;
    for (const wasm::Import& import : prepared_.module.module->imports) {
      if (import.kind() == ExternKind::Func) {
        externs.push_back(
            {ExternKind::Func, ImportFunction(import, prepared_.module.functions[functions++])});
      } else {
        const wasm::GlobalType& type = prepared_.module.globals[globals++];
        externs.push_back({ExternKind::Global, machine_->AddGlobal(type, Value{type.type, 0, {}})});
      }
    }
    return externs;
  }

  machine::FuncAddr ImportFunction(const wasm::Import& import, wasm::TypeId type) {
    const auto host = [this, &import, type](machine::Machine& machine,
                                            std::span<const Value> arguments) -> Outcome {
      Tell(CallWord(import, ValueWords(arguments)));
      machine::Returned zeros;
      for (const wasm::ValType result :
           std::get<wasm::FuncType>(machine.types()[type].composite).results) {
        zeros.values.push_back({result, 0, {}});
      }
      return zeros;
    };
    return machine_->AddHostFunction(type, host);
  }

  void Call(machine::InstanceId instance, const testcase::Call& call) {
    observation_.steps.emplace_back();
    const auto found = machine_->FindExport(instance, call.export_name);
    CHECK(found && found->kind == ExternKind::Func);  // the default plan's
    std::vector<Value> arguments;
    const auto& signature = std::get<wasm::FuncType>(
        machine_->types()[machine_->FunctionType(found->address)].composite);
    for (size_t i = 0; i < signature.params.size(); ++i) {
      const auto value = trace::Host::ValueOf(signature.params[i], call.arguments[i]);
      CHECK(value.has_value());  // every type here has a default
      arguments.push_back(*value);
    }
    machine_->SetFuel(kFuelPerStep);
    std::visit([this](const auto& each) { End(each); }, machine_->Call(found->address, arguments));
  }

  void State() {
    observation_.steps.emplace_back();
    for (uint32_t i = 0; i < machine_->AddressCount(ExternKind::Global); ++i) {
      const auto value = machine_->ReadGlobal(i);
      CHECK(value.has_value());
      Tell(GlobalWord(i, ValueWord(*value)));
    }
    for (uint32_t i = 0; i < machine_->AddressCount(ExternKind::Memory); ++i) {
      Tell(MemoryWord(i, machine_->MemoryBytes(i)));
    }
  }

  const diff::Prepared& prepared_;
  std::unique_ptr<machine::Machine> machine_;
  Observation observation_;
};

bool IsNan(wasm::ValType type, uint64_t bits) {
  if (type.kind() == TypeKind::F32) return (bits & 0x7fff'ffff) > 0x7f80'0000;
  return type.kind() == TypeKind::F64 && (bits & 0x7fff'ffff'ffff'ffff) > 0x7ff0'0000'0000'0000;
}

}  // namespace

Observation ObserveOracle(const diff::Prepared& prepared) { return Observer(prepared).Run(); }

std::string NumberWord(wasm::ValType type, uint64_t bits) {
  if (IsNan(type, bits)) return wasm::TypeText(type) + ":nan";
  return fmt::format("{}:{:#x}", wasm::TypeText(type), bits);
}
std::string RefWord(wasm::ValType type, std::optional<uint32_t> what) {
  return what ? fmt::format("{}:{}", wasm::TypeText(type), *what)
              : fmt::format("{}:null", wasm::TypeText(type));
}
std::string CallWord(const wasm::Import& import, const std::vector<std::string>& arguments) {
  return fmt::format("{}.{}({})", import.module, import.name, fmt::join(arguments, " "));
}
std::string OutcomeWord(machine::TrapKind trap) {
  return fmt::format("trap {}", machine::TrapName(trap));
}
std::string OutcomeWord(const std::vector<std::string>& results) {
  return fmt::format("returns {}", fmt::join(results, " "));
}
std::string GlobalWord(size_t index, const std::string& value) {
  return fmt::format("global {} is {}", index, value);
}
std::string MemoryWord(size_t index, ByteSpan bytes) {
  return fmt::format("memory {} of {} bytes, hash {:016x}", index, bytes.size(), HashBytes(bytes));
}

}  // namespace slabhound::fuzz
