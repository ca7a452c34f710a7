#include "exec/instantiate.h"

#include "bytecode/code_cache.h"
#include "exec/bulk.h"
#include "machine/link.h"

namespace slabhound::exec {
namespace {

using machine::Failure;
using machine::InstantiationFailure;

class Instantiator {
 public:
  Instantiator(Vm& vm, const valid::ValidModule& module)
      : vm_(vm), module_(*module.module), instance_(std::make_unique<Instance>()) {
    instance_->module = module;
    instance_->functions.reserve(module.functions.size());
    instance_->tables.reserve(module.tables.size());
    instance_->memories.reserve(module.memories.size());
    instance_->globals.reserve(module.globals.size());
    instance_->tags.reserve(module.tags.size());
  }

  // Everything up to allocation (a to d): a failure leaves no address behind.
  Result<void, Failure> Prepare(std::span<const machine::Extern> imports) {
    before_ = vm_.store().counts();
    TakeImports(imports);
    auto prepared = Allocate();
    if (!prepared) {
      vm_.store().Truncate(before_);
      vm_.TellFunctionCount();
    }
    return prepared;
  }

  machine::InstanceId Commit() {
    TakeExports();
    bytecode::CodeCache* cache = vm_.config().code_cache;
    if (cache != nullptr && cache->Serves(*instance_, vm_.config().fault)) {
      instance_->code_cache = cache;
    }
    if (Observer* observer = vm_.config().observer) instance_->sites = &observer->sites();
    return vm_.store().AddInstance(std::move(instance_));
  }

 private:
  void TakeImports(std::span<const machine::Extern> imports) {
    for (const machine::Extern& import : imports) SpaceOf(import.kind).push_back(import.address);
  }

  std::vector<uint32_t>& SpaceOf(wasm::ExternKind kind) {
    switch (kind) {
      case wasm::ExternKind::Func:
        return instance_->functions;
      case wasm::ExternKind::Table:
        return instance_->tables;
      case wasm::ExternKind::Memory:
        return instance_->memories;
      case wasm::ExternKind::Global:
        return instance_->globals;
      case wasm::ExternKind::Tag:
        return instance_->tags;
    }
    __builtin_unreachable();
  }

  Result<void, Failure> Allocate() {
    Store& store = vm_.store();
    if (!store.Admits(module_)) return Fail(Failure(machine::Exhausted{machine::Resource::Heap}));
    for (const wasm::Function& function : module_.functions) {
      const wasm::TypeId type = instance_->module.type_ids[function.type];
      instance_->functions.push_back(store.AddFunction(type, function));
    }
    vm_.TellFunctionCount();
    for (const wasm::Tag& tag : module_.tags)
      instance_->tags.push_back(store.AddTag(instance_->module.type_ids[tag.type.type]));
    for (const wasm::Memory& memory : module_.memories)
      instance_->memories.push_back(store.AddMemory(memory.type));
    instance_->first_data = static_cast<uint32_t>(store.counts().datas);
    for (const wasm::DataSegment& data : module_.datas) store.AddData(data.bytes);
    TRY(AllocateGlobals());
    TRY(AllocateTables());
    return AllocateElems();
  }

  Result<void, Failure> AllocateGlobals() {
    for (const wasm::Global& global : module_.globals) {
      const wasm::ValType type = instance_->module.Canonical(global.type.type);
      TRY_ASSIGN(const uint64_t word, vm_.EvaluateConstant(*instance_, global.init, type));
      instance_->globals.push_back(vm_.store().AddGlobal({type, global.type.is_mutable}, word));
    }
    return {};
  }

  Result<void, Failure> AllocateTables() {
    for (const wasm::Table& table : module_.tables) {
      wasm::TableType type = table.type;
      type.element = instance_->module.Canonical(type.element);
      uint64_t word = 0;
      if (table.init) {
        TRY_ASSIGN(word, vm_.EvaluateConstant(*instance_, *table.init, type.element));
      }
      instance_->tables.push_back(vm_.store().AddTable(type, word));
    }
    return {};
  }

  // Each element is evaluated once; its words are roots from then on.
  Result<void, Failure> AllocateElems() {
    instance_->first_elem = static_cast<uint32_t>(vm_.store().counts().elems);
    for (const wasm::ElemSegment& segment : module_.elems) {
      const wasm::ValType type = instance_->module.Canonical(segment.type);
      const uint32_t elem = vm_.store().AddElem(type);
      for (const wasm::Body& item : segment.items) {
        TRY_ASSIGN(const uint64_t word, vm_.EvaluateConstant(*instance_, item, type));
        vm_.store().elem(elem).words.push_back(word);
      }
    }
    return {};
  }

  void TakeExports() {
    instance_->exports.reserve(module_.exports.size());
    for (const wasm::Export& exported : module_.exports) {
      instance_->exports.push_back({HashBytes(AsBytes(exported.name)),
                                    exported.name,
                                    {exported.kind, SpaceOf(exported.kind)[exported.index]}});
    }
    std::ranges::sort(instance_->exports, {}, &Instance::Export::hash);
  }

  Vm& vm_;
  const wasm::Module& module_;
  std::unique_ptr<Instance> instance_;
  Store::Counts before_{};
};

Result<uint64_t, Failure> OffsetOf(Vm& vm, const Instance& instance, const wasm::Body& offset,
                                   bool is_64) {
  return vm.EvaluateConstant(instance, offset, is_64 ? wasm::ValType::I64 : wasm::ValType::I32);
}

// Active segments and the start function (e to g): effects before a failure stand.
Result<void, Failure> Start(Vm& vm, const Instance& instance) {
  const wasm::Module& module = *instance.module.module;
  Store& store = vm.store();
  RunState& run = vm.run();
  for (uint32_t i = 0; i < module.elems.size(); ++i) {
    const wasm::ElemSegment& segment = module.elems[i];
    if (segment.mode == wasm::SegmentMode::Passive) continue;
    const uint32_t elem = instance.first_elem + i;
    if (segment.mode == wasm::SegmentMode::Active) {
      const machine::TableAddr table = instance.tables[segment.table];
      TRY_ASSIGN(const uint64_t to, OffsetOf(vm, instance, segment.table_offset,
                                             store.table(table).type.limits.is_64));
      if (!bulk::TableInit(store, run, elem, table, to, 0, store.elem(elem).words.size()))
        return Fail(run.TakeStop());
    }
    store.elem(elem).words.clear();
  }
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    const wasm::DataSegment& segment = module.datas[i];
    if (segment.mode != wasm::SegmentMode::Active) continue;
    const uint32_t data = instance.first_data + i;
    const machine::MemoryAddr memory = instance.memories[segment.memory];
    TRY_ASSIGN(const uint64_t to, OffsetOf(vm, instance, segment.memory_offset,
                                           store.memory(memory).type.limits.is_64));
    if (!bulk::MemoryInit(store, run, data, memory, to, 0, segment.bytes.size()))
      return Fail(run.TakeStop());
    store.data(data).bytes = nullptr;
  }
  if (module.start) TRY(vm.Run(instance.functions[*module.start], {}));
  return {};
}

}  // namespace

Result<machine::InstanceId, InstantiationFailure> Instantiate(
    Vm& vm, const machine::Machine& machine, const valid::ValidModule& module,
    std::span<const machine::Extern> imports) {
  if (auto mismatch = machine::CheckImports(machine, module, imports)) {
    return Fail(InstantiationFailure{std::move(*mismatch)});
  }
  Instantiator instantiator(vm, module);
  if (auto prepared = instantiator.Prepare(imports); !prepared) {
    return Fail(InstantiationFailure{std::move(prepared.error())});
  }
  const machine::InstanceId id = instantiator.Commit();
  if (auto started = Start(vm, vm.store().instance(id)); !started)
    return Fail(InstantiationFailure{std::move(started.error())});
  return id;
}

}  // namespace slabhound::exec
