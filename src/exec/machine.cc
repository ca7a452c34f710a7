#include "exec/machine.h"

#include <cstring>

#include "base/check.h"
#include "exec/instantiate.h"
#include "exec/vm.h"

namespace slabhound::exec {
namespace {

using machine::Extern;
using machine::InstanceId;
using machine::Outcome;
using machine::Panic;
using machine::Ref;
using machine::Value;

Outcome ToOutcome(machine::Failure failure) {
  return std::visit([](auto& each) -> Outcome { return std::move(each); }, failure);
}

class SlabMachine final : public machine::Machine {
 public:
  SlabMachine(wasm::TypeStore& types, const machine::Limits& limits, const Config& config)
      : vm_(*this, types, limits, config) {}

  const machine::Limits& limits() const override { return vm_.limits(); }
  wasm::TypeStore& types() override { return vm_.types(); }
  const wasm::TypeStore& types() const override { return vm_.types(); }
  uint64_t fuel() const override { return vm_.run().fuel(); }
  void SetFuel(uint64_t fuel) override { vm_.run().set_fuel(fuel); }

  machine::FuncAddr AddHostFunction(wasm::TypeId type, machine::HostFunction function,
                                    bool is_free) override {
    const machine::FuncAddr address =
        vm_.store().AddHostFunction(type, std::move(function), is_free);
    vm_.TellFunctionCount();
    return address;
  }
  machine::TableAddr AddTable(const wasm::TableType& type, Ref init) override {
    return vm_.store().AddTable(type, vm_.ToWord(init));
  }
  machine::MemoryAddr AddMemory(const wasm::MemoryType& type) override {
    return vm_.store().AddMemory(type);
  }
  machine::GlobalAddr AddGlobal(const wasm::GlobalType& type, const Value& value) override {
    return vm_.store().AddGlobal(type, vm_.ToWord(value));
  }
  machine::TagAddr AddTag(wasm::TypeId type) override { return vm_.store().AddTag(type); }

  Result<InstanceId, machine::InstantiationFailure> Instantiate(
      const valid::ValidModule& module, std::span<const Extern> imports) override {
    return exec::Instantiate(vm_, *this, module, imports);
  }
  std::optional<Extern> FindExport(InstanceId instance, std::string_view name) const override {
    const Extern* found = vm_.store().instance(instance).FindExport(name);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

  Outcome Call(machine::FuncAddr function, std::span<const Value> arguments) override {
    const auto& signature =
        std::get<wasm::FuncType>(vm_.types()[vm_.store().function(function).type].composite);
    CHECK(arguments.size() == signature.params.size());
    std::vector<uint64_t> words;
    words.reserve(arguments.size());
    for (const Value& argument : arguments) words.push_back(vm_.ToWord(argument));
    auto results = vm_.Run(function, words);
    if (!results) return ToOutcome(std::move(results.error()));
    machine::Returned returned;
    returned.values.reserve(results->size());
    for (size_t i = 0; i < results->size(); ++i) {
      auto value = vm_.ToValue((*results)[i], signature.results[i]);
      if (!value) return std::move(value.error());
      returned.values.push_back(*value);
    }
    return returned;
  }

  wasm::TypeId FunctionType(machine::FuncAddr function) const override {
    return vm_.store().function(function).type;
  }
  wasm::TableType TableTypeOf(machine::TableAddr address) const override {
    const TableInstance& table = vm_.store().table(address);
    wasm::TableType type = table.type;
    type.limits.min = table.words.size();
    return type;
  }
  wasm::MemoryType MemoryTypeOf(machine::MemoryAddr address) const override {
    const MemoryInstance& memory = vm_.store().memory(address);
    wasm::MemoryType type = memory.type;
    type.limits.min = memory.pages();
    return type;
  }
  wasm::GlobalType GlobalTypeOf(machine::GlobalAddr global) const override {
    return vm_.store().global(global).type;
  }
  wasm::TypeId TagType(machine::TagAddr tag) const override { return vm_.store().tag(tag); }
  uint32_t AddressCount(wasm::ExternKind kind) const override {
    const Store::Counts counts = vm_.store().counts();
    switch (kind) {
      case wasm::ExternKind::Func:
        return static_cast<uint32_t>(counts.functions);
      case wasm::ExternKind::Table:
        return static_cast<uint32_t>(counts.tables);
      case wasm::ExternKind::Memory:
        return static_cast<uint32_t>(counts.memories);
      case wasm::ExternKind::Global:
        return static_cast<uint32_t>(counts.globals);
      case wasm::ExternKind::Tag:
        return static_cast<uint32_t>(counts.tags);
    }
    UNREACHABLE();
  }

  Result<Value, Panic> ReadGlobal(machine::GlobalAddr address) override {
    const GlobalInstance& global = vm_.store().global(address);
    return vm_.ToValue(global.word, global.type.type);
  }
  Result<Value, Panic> ReadTable(machine::TableAddr address, uint64_t index) override {
    const TableInstance& table = vm_.store().table(address);
    return vm_.ToValue(table.words[index], table.type.element);
  }
  void WriteTable(machine::TableAddr table, uint64_t index, Ref value) override {
    vm_.store().table(table).words[index] = vm_.ToWord(value);
  }
  const machine::LinearMemory& MemoryOf(machine::MemoryAddr memory) const override {
    return vm_.store().memory(memory).bytes;
  }

  Result<machine::ObjectInfo, Panic> Inspect(Ref object) override {
    const uint8_t* bytes = vm_.heap().Deref(vm_.handles().At(object.payload));
    if (bytes == nullptr) return Fail(vm_.objects().PanicValue());
    heap::Header header;
    std::memcpy(&header, bytes, sizeof header);
    machine::ObjectInfo info;
    info.field_count = header.length;
    switch (static_cast<heap::ObjectKind>(header.kind)) {
      case heap::ObjectKind::Struct:
        info.kind = machine::RefKind::Struct;
        break;
      case heap::ObjectKind::Array:
        info.kind = machine::RefKind::Array;
        break;
      case heap::ObjectKind::Exn:
        info.kind = machine::RefKind::Exn;
        break;
    }
    if (info.kind == machine::RefKind::Exn) {
      info.tag = header.type;
    } else {
      info.type = static_cast<wasm::TypeId>(+header.type);
    }
    return info;
  }
  Result<Value, Panic> ReadField(Ref object, uint32_t index) override {
    uint8_t* bytes = vm_.heap().Deref(vm_.handles().At(object.payload));
    if (bytes == nullptr) return Fail(vm_.objects().PanicValue());
    const heap::Layout& layout = vm_.heap().LayoutOfHeader(heap::Heap::HeaderOf(bytes));
    const heap::FieldLayout& field = layout.FieldAt(index);
    const uint64_t offset = layout.OffsetAt(index);
    uint64_t word = 0;
    if (heap::IsTraced(vm_.types(), field.type)) {
      word = vm_.heap().LoadRef(bytes + offset).word();
    } else {
      std::memcpy(&word, bytes + offset, field.bytes);
    }
    return vm_.ToValue(word, field.type.Unpacked());
  }
  uint64_t Identity(Ref object) const override { return vm_.handles().At(object.payload).word(); }

  Result<Ref, machine::Failure> NewException(machine::TagAddr tag,
                                             std::span<const Value> payload) override {
    const heap::Ref ref = vm_.objects().NewException(tag);
    if (ref.is_null()) return Fail(vm_.run().TakeStop());
    uint8_t* object = vm_.heap().Deref(ref);
    const heap::Layout& layout = vm_.heap().layouts().OfTag(tag);
    for (size_t i = 0; i < payload.size(); ++i) {
      const heap::FieldLayout& field = layout.fields[i];
      const uint64_t word = vm_.ToWord(payload[i]);
      if (heap::IsTraced(vm_.types(), payload[i].type)) {
        vm_.heap().InitializeRef(ref, object + field.offset, heap::Ref::FromWord(word));
      } else {
        std::memcpy(object + field.offset, &word, field.bytes);
      }
    }
    return Ref{machine::RefKind::Exn, vm_.handles().Add(ref)};
  }

  size_t HandleMark() const override { return vm_.handles().count(); }
  void ReleaseHandles(size_t mark) override { vm_.handles().Release(mark); }

  Result<void, Panic> CollectGarbage() override {
    // Where the schedule is never, or the collector null, the integrity check is all there is.
    if (vm_.objects().CollectOnRequest() && vm_.objects().Verify()) return {};
    vm_.run().TakeStop();
    return Fail(vm_.objects().PanicValue());
  }

 private:
  Vm vm_;
};

}  // namespace

std::unique_ptr<machine::Machine> MakeMachine(wasm::TypeStore& types, const machine::Limits& limits,
                                              const Config& config) {
  return std::make_unique<SlabMachine>(types, limits, config);
}

}  // namespace slabhound::exec
