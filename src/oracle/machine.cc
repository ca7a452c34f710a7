#include "oracle/machine.h"

#include "embed/link.h"
#include "oracle/eval.h"
#include "oracle/instantiate.h"
#include "oracle/thread.h"

namespace slabhound::oracle {
namespace {

using embed::Extern;
using embed::InstantiationFailure;
using embed::Outcome;
using embed::Panic;
using embed::Ref;
using embed::RefKind;
using embed::Resource;
using wasm::ExternKind;

const wasm::ValType kExnRef = wasm::ValType::Ref(wasm::AbstractHeap::Exn, /*nullable=*/false);

class OracleMachine : public embed::Machine {
 public:
  OracleMachine(wasm::TypeStore& types, const embed::Limits& limits)
      : store_(types, limits), handles_(store_), thread_(store_, handles_, *this) {}

  const embed::Limits& limits() const override { return store_.limits; }
  wasm::TypeStore& types() override { return store_.types; }
  const wasm::TypeStore& types() const override { return store_.types; }
  uint64_t fuel() const override { return store_.fuel; }
  void SetFuel(uint64_t fuel) override { store_.fuel = fuel; }

  embed::FuncAddr AddHostFunction(wasm::TypeId type, embed::HostFunction function) override {
    FuncInst made;
    made.type = type;
    made.host = static_cast<uint32_t>(store_.host_functions.size());
    store_.host_functions.push_back(std::move(function));
    store_.functions.push_back(std::move(made));
    return static_cast<uint32_t>(store_.functions.size() - 1);
  }
  embed::TableAddr AddTable(const wasm::TableType& type, Ref init) override {
    return store_.AddTable(type, handles_.In(init, type.element));
  }
  embed::MemoryAddr AddMemory(const wasm::MemoryType& type) override {
    return store_.AddMemory(type);
  }
  embed::GlobalAddr AddGlobal(const wasm::GlobalType& type, const embed::Value& value) override {
    store_.globals.push_back({type, handles_.In(value, type.type)});
    return static_cast<uint32_t>(store_.globals.size() - 1);
  }
  embed::TagAddr AddTag(wasm::TypeId type) override {
    store_.tags.push_back({type});
    return static_cast<uint32_t>(store_.tags.size() - 1);
  }

  Result<embed::InstanceId, InstantiationFailure> Instantiate(
      const valid::ValidModule& module, std::span<const Extern> imports) override {
    if (auto failure = CheckImports(*this, module, imports)) {
      return Fail(InstantiationFailure{*std::move(failure)});
    }
    const auto instance = oracle::Instantiate(thread_, module, imports);
    if (!instance) return Fail(InstantiationFailure{FailureOf(instance.error())});
    const auto id = static_cast<embed::InstanceId>(store_.modules.size() - 1);
    if (module.module->start) {
      Outcome outcome = Call((*instance)->functions[*module.module->start], {});
      if (!std::holds_alternative<embed::Returned>(outcome)) {
        return Fail(InstantiationFailure{FailureOf(std::move(outcome))});
      }
    }
    return id;
  }

  std::optional<Extern> FindExport(embed::InstanceId instance,
                                   std::string_view name) const override {
    const ModuleInst& module = store_.modules[instance];
    const wasm::Export* found = module.valid.module->FindExport(name);
    if (found == nullptr) return std::nullopt;
    return Extern{found->kind, module.Addresses(found->kind)[found->index]};
  }

  Outcome Call(embed::FuncAddr function, std::span<const embed::Value> arguments) override {
    if (thread_.host_depth >= store_.limits.host_depth_max) {
      return embed::Exhausted{Resource::CallDepth};
    }
    ++thread_.host_depth;
    Outcome outcome = Invoke(function, arguments);
    --thread_.host_depth;
    return outcome;
  }

  wasm::TypeId FunctionType(embed::FuncAddr function) const override {
    return store_.functions[function].type;
  }
  wasm::TableType TableTypeOf(embed::TableAddr table) const override {
    wasm::TableType type = store_.tables[table].type;
    type.limits.min = store_.tables[table].elements.size();
    return type;
  }
  wasm::MemoryType MemoryTypeOf(embed::MemoryAddr memory) const override {
    wasm::MemoryType type = store_.memories[memory].type;
    type.limits.min = store_.memories[memory].Pages();
    return type;
  }
  wasm::GlobalType GlobalTypeOf(embed::GlobalAddr global) const override {
    return store_.globals[global].type;
  }
  wasm::TypeId TagType(embed::TagAddr tag) const override { return store_.tags[tag].type; }

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

  Result<embed::Value, Panic> ReadGlobal(embed::GlobalAddr global) override {
    const GlobalInst& instance = store_.globals[global];
    return handles_.Out(instance.value, instance.type.type);
  }
  Result<embed::Value, Panic> ReadTable(embed::TableAddr table, uint64_t index) override {
    const TableInst& instance = store_.tables[table];
    CHECK(index < instance.elements.size());
    return handles_.Out(instance.elements[index], instance.type.element);
  }
  void WriteTable(embed::TableAddr table, uint64_t index, Ref value) override {
    TableInst& instance = store_.tables[table];
    CHECK(index < instance.elements.size());
    instance.elements[index] = handles_.In(value, instance.type.element);
  }
  std::span<uint8_t> MemoryBytes(embed::MemoryAddr memory) override {
    return store_.memories[memory].bytes;
  }

  Result<embed::ObjectInfo, Panic> Inspect(Ref handle) override {
    const Object& object = store_.objects[handles_.ObjectOf(handle)];
    return embed::ObjectInfo{handle.kind, object.type, object.tag, object.Length()};
  }
  Result<embed::Value, Panic> ReadField(Ref handle, uint32_t index) override {
    const Object& object = store_.objects[handles_.ObjectOf(handle)];
    return handles_.Out(object.Get(index), FieldType(object, index));
  }
  uint64_t Identity(Ref handle) const override { return handles_.ObjectOf(handle); }

  Result<Ref, embed::Failure> NewException(embed::TagAddr tag,
                                           std::span<const embed::Value> payload) override {
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

  Outcome Invoke(embed::FuncAddr function, std::span<const embed::Value> arguments) {
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
    embed::Returned returned;
    returned.values.reserve(results.size());
    for (size_t i = 0; i < results.size(); ++i) {
      returned.values.push_back(handles_.Out(thread_.values[thread_.base_value + i], results[i]));
    }
    return returned;
  }

  // Why a run ended before its time.
  embed::Failure FailureOf(Step step) {
    switch (step.kind()) {
      case Step::Kind::Trap:
        return embed::Trap{step.trap()};
      case Step::Kind::Throw:
        return embed::Thrown{handles_.Out(thread_.exception, kExnRef).ref};
      case Step::Kind::Exhausted:
        return embed::Exhausted{step.resource()};
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
  static embed::Failure FailureOf(Outcome outcome) {
    return std::visit(
        [](auto&& failure) -> embed::Failure {
          if constexpr (std::is_same_v<std::decay_t<decltype(failure)>, embed::Returned>) {
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

std::unique_ptr<embed::Machine> MakeMachine(wasm::TypeStore& types, const embed::Limits& limits) {
  return std::make_unique<OracleMachine>(types, limits);
}

}  // namespace slabhound::oracle
