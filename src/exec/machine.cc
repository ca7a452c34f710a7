#include "exec/machine.h"

#include <cstring>

#include "base/check.h"
#include "exec/instantiate.h"
#include "exec/vm.h"

namespace slabhound::exec {
namespace {

using embed::Extern;
using embed::Outcome;
using embed::Panic;
using embed::Ref;
using embed::Value;

constexpr uint64_t kPageBytes = 65536;

Outcome ToOutcome(embed::Failure failure) {
  return std::visit([](auto& each) -> Outcome { return std::move(each); }, failure);
}

class SlabMachine final : public embed::Machine {
 public:
  SlabMachine(wasm::TypeStore& types, const embed::Limits& limits, const Config& config)
      : vm_(types, limits, config) {
    vm_.machine_ = this;
  }

  const embed::Limits& limits() const override { return vm_.limits_; }
  wasm::TypeStore& types() override { return vm_.types_; }
  const wasm::TypeStore& types() const override { return vm_.types_; }
  uint64_t fuel() const override { return vm_.fuel_; }
  void SetFuel(uint64_t fuel) override { vm_.fuel_ = fuel; }

  embed::FuncAddr AddHostFunction(wasm::TypeId type, embed::HostFunction function) override {
    FunctionInstance added;
    added.type = type;
    added.host = &vm_.hosts_.emplace_back(std::move(function));
    vm_.functions_.push_back(std::move(added));
    return static_cast<uint32_t>(vm_.functions_.size() - 1);
  }
  embed::TableAddr AddTable(const wasm::TableType& type, Ref init) override {
    vm_.tables_.push_back({type, heap::IsTraced(vm_.types_, type.element),
                           std::vector<uint64_t>(type.limits.min, vm_.ToWord(init))});
    return static_cast<uint32_t>(vm_.tables_.size() - 1);
  }
  embed::MemoryAddr AddMemory(const wasm::MemoryType& type) override {
    vm_.memories_.push_back({type, std::vector<uint8_t>(type.limits.min * kPageBytes)});
    return static_cast<uint32_t>(vm_.memories_.size() - 1);
  }
  embed::GlobalAddr AddGlobal(const wasm::GlobalType& type, const Value& value) override {
    vm_.globals_.push_back({type, heap::IsTraced(vm_.types_, type.type), vm_.ToWord(value)});
    return static_cast<uint32_t>(vm_.globals_.size() - 1);
  }
  embed::TagAddr AddTag(wasm::TypeId type) override {
    vm_.tags_.push_back(type);
    vm_.heap_.layouts().AddTag(type);
    return static_cast<uint32_t>(vm_.tags_.size() - 1);
  }

  Result<embed::InstanceId, embed::InstantiationFailure> Instantiate(
      const valid::ValidModule& module, std::span<const Extern> imports) override {
    return exec::Instantiate(vm_, *this, module, imports);
  }
  std::optional<Extern> FindExport(embed::InstanceId instance,
                                   std::string_view name) const override {
    const Extern* found = vm_.instances_[instance]->FindExport(name);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

  Outcome Call(embed::FuncAddr function, std::span<const Value> arguments) override {
    const auto& signature =
        std::get<wasm::FuncType>(vm_.types_[vm_.functions_[function].type].composite);
    CHECK(arguments.size() == signature.params.size());
    std::vector<uint64_t> words;
    words.reserve(arguments.size());
    for (const Value& argument : arguments) words.push_back(vm_.ToWord(argument));
    auto results = vm_.Run(function, std::move(words));
    if (!results) return ToOutcome(std::move(results.error()));
    embed::Returned returned;
    returned.values.reserve(results->size());
    for (size_t i = 0; i < results->size(); ++i) {
      auto value = vm_.ToValue((*results)[i], signature.results[i]);
      if (!value) return std::move(value.error());
      returned.values.push_back(*value);
    }
    return returned;
  }

  wasm::TypeId FunctionType(embed::FuncAddr function) const override {
    return vm_.functions_[function].type;
  }
  wasm::TableType TableTypeOf(embed::TableAddr table) const override {
    wasm::TableType type = vm_.tables_[table].type;
    type.limits.min = vm_.tables_[table].words.size();
    return type;
  }
  wasm::MemoryType MemoryTypeOf(embed::MemoryAddr memory) const override {
    wasm::MemoryType type = vm_.memories_[memory].type;
    type.limits.min = vm_.memories_[memory].bytes.size() / kPageBytes;
    return type;
  }
  wasm::GlobalType GlobalTypeOf(embed::GlobalAddr global) const override {
    return vm_.globals_[global].type;
  }
  wasm::TypeId TagType(embed::TagAddr tag) const override { return vm_.tags_[tag]; }
  uint32_t AddressCount(wasm::ExternKind kind) const override {
    switch (kind) {
      case wasm::ExternKind::Func:
        return static_cast<uint32_t>(vm_.functions_.size());
      case wasm::ExternKind::Table:
        return static_cast<uint32_t>(vm_.tables_.size());
      case wasm::ExternKind::Memory:
        return static_cast<uint32_t>(vm_.memories_.size());
      case wasm::ExternKind::Global:
        return static_cast<uint32_t>(vm_.globals_.size());
      case wasm::ExternKind::Tag:
        return static_cast<uint32_t>(vm_.tags_.size());
    }
    UNREACHABLE();
  }

  Result<Value, Panic> ReadGlobal(embed::GlobalAddr global) override {
    return vm_.ToValue(vm_.globals_[global].word, vm_.globals_[global].type.type);
  }
  Result<Value, Panic> ReadTable(embed::TableAddr table, uint64_t index) override {
    return vm_.ToValue(vm_.tables_[table].words[index], vm_.tables_[table].type.element);
  }
  void WriteTable(embed::TableAddr table, uint64_t index, Ref value) override {
    vm_.tables_[table].words[index] = vm_.ToWord(value);
  }
  std::span<uint8_t> MemoryBytes(embed::MemoryAddr memory) override {
    return vm_.memories_[memory].bytes;
  }

  Result<embed::ObjectInfo, Panic> Inspect(Ref object) override {
    const uint8_t* bytes = vm_.heap_.Deref(HandleOf(object));
    if (bytes == nullptr) return Fail(vm_.PanicValue());
    heap::Header header;
    std::memcpy(&header, bytes, sizeof header);
    embed::ObjectInfo info;
    info.field_count = header.length;
    switch (static_cast<heap::ObjectKind>(header.kind)) {
      case heap::ObjectKind::Struct:
        info.kind = embed::RefKind::Struct;
        break;
      case heap::ObjectKind::Array:
        info.kind = embed::RefKind::Array;
        break;
      case heap::ObjectKind::Exn:
        info.kind = embed::RefKind::Exn;
        break;
    }
    if (info.kind == embed::RefKind::Exn) {
      info.tag = header.type;
    } else {
      info.type = static_cast<wasm::TypeId>(+header.type);
    }
    return info;
  }
  Result<Value, Panic> ReadField(Ref object, uint32_t index) override {
    uint8_t* bytes = vm_.heap_.Deref(HandleOf(object));
    if (bytes == nullptr) return Fail(vm_.PanicValue());
    const heap::Layout& layout = vm_.heap_.LayoutOfHeader(heap::Heap::HeaderOf(bytes));
    const heap::FieldLayout& field = layout.fields[layout.is_array ? 0 : index];
    const uint64_t offset =
        field.offset + (layout.is_array ? uint64_t{index} * layout.element_bytes : 0);
    uint64_t word = 0;
    if (heap::IsTraced(vm_.types_, field.type)) {
      word = vm_.heap_.LoadRef(bytes + offset).word();
    } else {
      std::memcpy(&word, bytes + offset, field.bytes);
    }
    return vm_.ToValue(word, field.type.Unpacked());
  }
  uint64_t Identity(Ref object) const override { return vm_.handles_[object.payload].word(); }

  Result<Ref, embed::Failure> NewException(embed::TagAddr tag,
                                           std::span<const Value> payload) override {
    const heap::Ref ref = vm_.NewException(tag);
    if (ref.is_null()) return Fail(vm_.TakeStop());
    uint8_t* object = vm_.heap_.Deref(ref);
    const heap::Layout& layout = vm_.heap_.layouts().OfTag(tag);
    for (size_t i = 0; i < payload.size(); ++i) {
      const heap::FieldLayout& field = layout.fields[i];
      const uint64_t word = vm_.ToWord(payload[i]);
      if (heap::IsTraced(vm_.types_, payload[i].type)) {
        vm_.heap_.InitializeRef(ref, object + field.offset, heap::Ref::FromWord(word));
      } else {
        std::memcpy(object + field.offset, &word, field.bytes);
      }
    }
    vm_.handles_.push_back(ref);
    return Ref{embed::RefKind::Exn, static_cast<uint32_t>(vm_.handles_.size() - 1)};
  }

  size_t HandleMark() const override { return vm_.handles_.size(); }
  void ReleaseHandles(size_t mark) override {
    CHECK(mark <= vm_.handles_.size());
    vm_.handles_.resize(mark);
  }

  Result<void, Panic> CollectGarbage() override {
    // Where the schedule is never, or the collector null, the integrity check is all there is.
    const bool collects = vm_.config_.schedule.kind != gc::Schedule::Kind::Never;
    if (collects && !vm_.Collect()) {
      vm_.TakeStop();
      return Fail(vm_.PanicValue());
    }
    vm_.heap_.set_function_count(static_cast<uint32_t>(vm_.functions_.size()));
    vm_.heap_.Verify();
    if (vm_.heap_.panic()) return Fail(vm_.PanicValue());
    return {};
  }

 private:
  heap::Ref HandleOf(Ref object) const {
    CHECK(object.payload < vm_.handles_.size());
    return vm_.handles_[object.payload];
  }

  Vm vm_;
};

}  // namespace

std::unique_ptr<embed::Machine> MakeMachine(wasm::TypeStore& types, const embed::Limits& limits,
                                            const Config& config) {
  return std::make_unique<SlabMachine>(types, limits, config);
}

}  // namespace slabhound::exec
