#include "oracle/machine.h"

#include "machine/link.h"
#include "oracle/eval.h"
#include "oracle/instantiate.h"
#include "oracle/thread.h"

namespace slabhound::oracle {
namespace {

using machine::Extern;
using machine::InstantiationFailure;
using machine::Machine;
using machine::Outcome;
using machine::Panic;
using machine::Ref;
using machine::RefKind;
using machine::Resource;
using wasm::ExternKind;

const wasm::ValType kExnRef = wasm::ValType::Ref(wasm::AbstractHeap::Exn, /*nullable=*/false);

class OracleMachine : public Machine {
 public:
  OracleMachine(wasm::TypeStore& types, const machine::Limits& limits)
      : store_(types, limits), handles_(store_), thread_(store_, handles_, *this) {}

  const machine::Limits& limits() const override { return store_.limits; }
  wasm::TypeStore& types() override { return store_.types; }
  const wasm::TypeStore& types() const override { return store_.types; }
  uint64_t fuel() const override { return store_.fuel; }
  void SetFuel(uint64_t fuel) override { store_.fuel = fuel; }

  machine::FuncAddr AddHostFunction(wasm::TypeId type, machine::HostFunction function,
                                    bool is_free) override {
    FuncInst made;
    made.type = type;
    made.is_free = is_free;
    made.host = static_cast<uint32_t>(store_.host_functions.size());
    store_.host_functions.push_back(std::move(function));
    store_.functions.push_back(std::move(made));
    return static_cast<uint32_t>(store_.functions.size() - 1);
  }
  machine::TableAddr AddTable(const wasm::TableType& type, Ref init) override {
    return store_.AddTable(type, handles_.In(init, type.element));
  }
  machine::MemoryAddr AddMemory(const wasm::MemoryType& type) override {
    return store_.AddMemory(type);
  }
  machine::GlobalAddr AddGlobal(const wasm::GlobalType& type,
                                const machine::Value& value) override {
    store_.globals.push_back({type, handles_.In(value, type.type)});
    return static_cast<uint32_t>(store_.globals.size() - 1);
  }
  machine::TagAddr AddTag(wasm::TypeId type) override {
    store_.tags.push_back({type});
    return static_cast<uint32_t>(store_.tags.size() - 1);
  }

  Result<machine::InstanceId, InstantiationFailure> Instantiate(
      const valid::ValidModule& module, std::span<const Extern> imports) override {
    if (auto failure = CheckImports(*this, module, imports)) {
      return Fail(InstantiationFailure{*std::move(failure)});
    }
    const auto instance = oracle::Instantiate(thread_, module, imports);
    if (!instance) return Fail(InstantiationFailure{FailureOf(instance.error())});
    const auto id = static_cast<machine::InstanceId>(store_.modules.size() - 1);
    if (module.module->start) {
      Outcome outcome = Call((*instance)->functions[*module.module->start], {});
      if (!std::holds_alternative<machine::Returned>(outcome)) {
        return Fail(InstantiationFailure{FailureOf(std::move(outcome))});
      }
    }
    return id;
  }

  std::optional<Extern> FindExport(machine::InstanceId instance,
                                   std::string_view name) const override {
    const ModuleInst& module = store_.modules[instance];
    const wasm::Export* found = module.valid.module->FindExport(name);
    if (found == nullptr) return std::nullopt;
    return Extern{found->kind, module.Addresses(found->kind)[found->index]};
  }

  Outcome Call(machine::FuncAddr function, std::span<const machine::Value> arguments) override {
    if (thread_.host_depth >= store_.limits.host_depth_max) {
      return machine::Exhausted{Resource::CallDepth};
    }
    ++thread_.host_depth;
    Outcome outcome = Invoke(function, arguments);
    --thread_.host_depth;
    return outcome;
  }

  wasm::TypeId FunctionType(machine::FuncAddr function) const override {
    return store_.functions[function].type;
  }
  wasm::TableType TableTypeOf(machine::TableAddr table) const override {
    wasm::TableType type = store_.tables[table].type;
    type.limits.min = store_.tables[table].elements.size();
    return type;
  }
  wasm::MemoryType MemoryTypeOf(machine::MemoryAddr memory) const override {
    wasm::MemoryType type = store_.memories[memory].type;
    type.limits.min = store_.memories[memory].Pages();
    return type;
  }
  wasm::GlobalType GlobalTypeOf(machine::GlobalAddr global) const override {
    return store_.globals[global].type;
  }
  wasm::TypeId TagType(machine::TagAddr tag) const override { return store_.tags[tag].type; }

  uint32_t AddressCount(ExternKind kind) const override {
    switch (kind) {
      case ExternKind::Func:
        return static_cast<uint32_t>(store_.functions.size());
      case ExternKind::Table:
        return static_cast<uint32_t>(store_.tables.size());
      case ExternKind::Memory:
        return static_cast<uint32_t>(store_.memories.size());
      case ExternKind::Global:
        return static_cast<uint32_t>(store_.globals.size());
      case ExternKind::Tag:
        return static_cast<uint32_t>(store_.tags.size());
    }
    UNREACHABLE();
  }

  Result<machine::Value, Panic> ReadGlobal(machine::GlobalAddr global) override {
    const GlobalInst& instance = store_.globals[global];
    return handles_.Out(instance.value, instance.type.type);
  }
  Result<machine::Value, Panic> ReadTable(machine::TableAddr table, uint64_t index) override {
    const TableInst& instance = store_.tables[table];
    CHECK(index < instance.elements.size());
    return handles_.Out(instance.elements[index], instance.type.element);
  }
  void WriteTable(machine::TableAddr table, uint64_t index, Ref value) override {
    TableInst& instance = store_.tables[table];
    CHECK(index < instance.elements.size());
    instance.elements[index] = handles_.In(value, instance.type.element);
  }
  const machine::LinearMemory& MemoryOf(machine::MemoryAddr memory) const override {
    return store_.memories[memory].bytes;
  }

  Result<machine::ObjectInfo, Panic> Inspect(Ref handle) override {
    const Object& object = store_.objects[handles_.ObjectOf(handle)];
    return machine::ObjectInfo{handle.kind, object.type, object.tag, object.Length()};
  }
  Result<machine::Value, Panic> ReadField(Ref handle, uint32_t index) override {
    const Object& object = store_.objects[handles_.ObjectOf(handle)];
    return handles_.Out(object.Get(index), FieldType(object, index));
  }
  uint64_t Identity(Ref handle) const override { return handles_.ObjectOf(handle); }

  Result<Ref, machine::Failure> NewException(machine::TagAddr tag,
                                             std::span<const machine::Value> payload) override {
    const std::vector<wasm::ValType>& params = store_.FunctionType(store_.tags[tag].type).params;
    CHECK(payload.size() == params.size());
    const Step step = thread_.TakeHeap(Object::Footprint(params.size(), 0));
    if (!step.is_next()) return Fail(FailureOf(step));
    Object object{ValueKind::Exn, {}, tag, {}, {}, {}};
    for (size_t i = 0; i < params.size(); ++i) {
      object.values.push_back(handles_.In(payload[i], params[i]));
    }
    return handles_.Out(store_.Add(std::move(object)));
  }

  size_t HandleMark() const override { return handles_.Mark(); }
  void ReleaseHandles(size_t mark) override { handles_.Release(mark); }
  Result<void, Panic> CollectGarbage() override { return {}; }

 private:
  wasm::ValType FieldType(const Object& object, uint32_t index) const {
    switch (object.kind) {
      case ValueKind::Struct:
        return store_.StructType(object.type).fields[index].type.Unpacked();
      case ValueKind::Array:
        return object.element.Unpacked();
      default:
        return store_.FunctionType(store_.tags[object.tag].type).params[index];
    }
  }

  Outcome Invoke(machine::FuncAddr function, std::span<const machine::Value> arguments) {
    const Activation activation(thread_);
    const wasm::TypeId type = store_.functions[function].type;
    const std::vector<wasm::ValType>& params = store_.FunctionType(type).params;
    CHECK(arguments.size() == params.size());
    for (size_t i = 0; i < params.size(); ++i) thread_.Push(handles_.In(arguments[i], params[i]));
    Step step = Enter(thread_, function);
    if (step.is_next() && thread_.frames.size() > thread_.base_frame) step = Run(thread_);
    if (!step.is_next() && step.kind() != Step::Kind::Done) return OutcomeOf(step);
    const std::vector<wasm::ValType>& results = store_.FunctionType(type).results;
    CHECK(thread_.values.size() == thread_.base_value + results.size());
    machine::Returned returned;
    returned.values.reserve(results.size());
    for (size_t i = 0; i < results.size(); ++i) {
      returned.values.push_back(handles_.Out(thread_.values[thread_.base_value + i], results[i]));
    }
    return returned;
  }

  // Why a run ended before its time.
  machine::Failure FailureOf(Step step) {
    switch (step.kind()) {
      case Step::Kind::Trap:
        return machine::Trap{step.trap()};
      case Step::Kind::Throw:
        return machine::Thrown{handles_.Out(thread_.exception, kExnRef).ref};
      case Step::Kind::Exhausted:
      case Step::Kind::Needs:
        return step.exhausted();
      case Step::Kind::Panic:
        return std::move(thread_.panic);
      case Step::Kind::Next:
      case Step::Kind::Done:
        break;
    }
    UNREACHABLE();
  }
  Outcome OutcomeOf(Step step) {
    return std::visit([](auto&& failure) -> Outcome { return std::move(failure); },
                      FailureOf(step));
  }
  static machine::Failure FailureOf(Outcome outcome) {
    return std::visit(
        [](auto&& failure) -> machine::Failure {
          if constexpr (std::is_same_v<std::decay_t<decltype(failure)>, machine::Returned>) {
            UNREACHABLE();
          } else {
            return std::move(failure);
          }
        },
        std::move(outcome));
  }

  Store store_;
  Handles handles_;
  Thread thread_;
};

}  // namespace

std::unique_ptr<Machine> MakeMachine(wasm::TypeStore& types, const machine::Limits& limits) {
  return std::make_unique<OracleMachine>(types, limits);
}

}  // namespace slabhound::oracle
