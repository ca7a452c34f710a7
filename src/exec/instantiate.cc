#include "exec/instantiate.h"

#include "bytecode/code_cache.h"
#include "embed/link.h"
#include "exec/bulk.h"

namespace slabhound::exec {
namespace {

using embed::Failure;
using embed::InstantiationFailure;

constexpr uint64_t kPageBytes = 65536;

class Instantiator {
 public:
  Instantiator(Vm& vm, const valid::ValidModule& module)
      : vm_(vm), module_(*module.module), instance_(std::make_unique<Instance>()) {
    instance_->module = module;
  }

  // Everything up to allocation (a to d): a failure leaves no address behind.
  Result<void, Failure> Prepare(std::span<const embed::Extern> imports) {
    sizes_ = {vm_.functions_.size(), vm_.tables_.size(), vm_.memories_.size(), vm_.globals_.size(),
              vm_.tags_.size(),      vm_.elems_.size(),  vm_.datas_.size()};
    TakeImports(imports);
    auto prepared = Allocate();
    if (!prepared) Undo();
    return prepared;
  }

  Instance& Commit() {
    TakeExports();
    bytecode::CodeCache* cache = vm_.config_.code_cache;
    if (cache != nullptr && cache->Serves(*instance_, vm_.config_.fault)) {
      instance_->code_cache = cache;
    }
    vm_.instances_.push_back(std::move(instance_));
    return *vm_.instances_.back();
  }

 private:
  void TakeImports(std::span<const embed::Extern> imports) {
    for (const embed::Extern& import : imports) SpaceOf(import.kind).push_back(import.address);
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
    TRY(CheckSizes());
    AllocateFunctions();
    for (const wasm::Tag& tag : module_.tags) {
      instance_->tags.push_back(static_cast<uint32_t>(vm_.tags_.size()));
      const wasm::TypeId type = instance_->module.type_ids[tag.type.type];
      vm_.tags_.push_back(type);
      vm_.heap_.layouts().AddTag(type);
    }
    for (const wasm::Memory& memory : module_.memories) {
      instance_->memories.push_back(static_cast<uint32_t>(vm_.memories_.size()));
      vm_.memories_.push_back(
          {memory.type, std::vector<uint8_t>(memory.type.limits.min * kPageBytes)});
    }
    instance_->first_data = static_cast<uint32_t>(vm_.datas_.size());
    for (const wasm::DataSegment& data : module_.datas) vm_.datas_.push_back({&data.bytes});
    TRY(AllocateGlobals());
    TRY(AllocateTables());
    return AllocateElems();
  }

  Result<void, Failure> CheckSizes() const {
    const Failure too_large = embed::Exhausted{embed::Resource::Heap};
    uint64_t elements = 0, pages = 0;
    for (const TableInstance& table : vm_.tables_) elements += table.words.size();
    for (const MemoryInstance& memory : vm_.memories_) pages += memory.bytes.size() / kPageBytes;
    for (const wasm::Table& table : module_.tables) {
      const uint64_t size = table.type.limits.min;
      if (size > vm_.limits_.table_elements_max) return Fail(too_large);
      elements += size;
      if (elements > vm_.limits_.table_elements_total_max) return Fail(too_large);
    }
    for (const wasm::Memory& memory : module_.memories) {
      const uint64_t size = memory.type.limits.min;
      if (size > vm_.limits_.memory_pages_max) return Fail(too_large);
      pages += size;
      if (pages > vm_.limits_.memory_pages_total_max) return Fail(too_large);
    }
    return {};
  }

  void AllocateFunctions() {
    vm_.functions_.reserve(vm_.functions_.size() + module_.functions.size());
    for (const wasm::Function& function : module_.functions) {
      instance_->functions.push_back(static_cast<uint32_t>(vm_.functions_.size()));
      const wasm::TypeId type = instance_->module.type_ids[function.type];
      const auto& signature = std::get<wasm::FuncType>(vm_.types_[type].composite);
      FunctionInstance allocated;
      allocated.type = type;
      allocated.instance = static_cast<uint32_t>(vm_.instances_.size());
      allocated.definition = &function;
      allocated.weight =
          signature.params.size() + function.locals.size() + function.body.code.size();
      vm_.functions_.push_back(std::move(allocated));
    }
  }

  Result<void, Failure> AllocateGlobals() {
    for (const wasm::Global& global : module_.globals) {
      const wasm::ValType type = instance_->module.Canonical(global.type.type);
      TRY_ASSIGN(const uint64_t word, vm_.EvaluateConstant(*instance_, global.init, type));
      instance_->globals.push_back(static_cast<uint32_t>(vm_.globals_.size()));
      vm_.globals_.push_back(
          {{type, global.type.is_mutable}, heap::IsTraced(vm_.types_, type), word});
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
      instance_->tables.push_back(static_cast<uint32_t>(vm_.tables_.size()));
      vm_.tables_.push_back({type, heap::IsTraced(vm_.types_, type.element),
                             std::vector<uint64_t>(type.limits.min, word)});
    }
    return {};
  }

  // Each element is evaluated once; its words are roots from then on.
  Result<void, Failure> AllocateElems() {
    instance_->first_elem = static_cast<uint32_t>(vm_.elems_.size());
    for (const wasm::ElemSegment& segment : module_.elems) {
      const wasm::ValType type = instance_->module.Canonical(segment.type);
      vm_.elems_.push_back({heap::IsTraced(vm_.types_, type), {}});
      const size_t index = vm_.elems_.size() - 1;
      for (const wasm::Body& item : segment.items) {
        TRY_ASSIGN(const uint64_t word, vm_.EvaluateConstant(*instance_, item, type));
        vm_.elems_[index].words.push_back(word);
      }
    }
    return {};
  }

  void TakeExports() {
    instance_->exports.reserve(module_.exports.size());
    for (const wasm::Export& exported : module_.exports) {
      instance_->exports.push_back(
          {exported.name, {exported.kind, SpaceOf(exported.kind)[exported.index]}});
    }
    std::ranges::sort(instance_->exports, {}, &Instance::Export::name);
  }

  void Undo() {
    vm_.functions_.erase(vm_.functions_.begin() + static_cast<ptrdiff_t>(sizes_[0]),
                         vm_.functions_.end());
    vm_.tables_.erase(vm_.tables_.begin() + static_cast<ptrdiff_t>(sizes_[1]), vm_.tables_.end());
    vm_.memories_.erase(vm_.memories_.begin() + static_cast<ptrdiff_t>(sizes_[2]),
                        vm_.memories_.end());
    vm_.globals_.erase(vm_.globals_.begin() + static_cast<ptrdiff_t>(sizes_[3]),
                       vm_.globals_.end());
    vm_.tags_.resize(sizes_[4]);
    vm_.heap_.layouts().TruncateTags(sizes_[4]);
    vm_.elems_.erase(vm_.elems_.begin() + static_cast<ptrdiff_t>(sizes_[5]), vm_.elems_.end());
    vm_.datas_.erase(vm_.datas_.begin() + static_cast<ptrdiff_t>(sizes_[6]), vm_.datas_.end());
  }

  Vm& vm_;
  const wasm::Module& module_;
  std::unique_ptr<Instance> instance_;
  std::array<size_t, 7> sizes_{};
};

uint64_t OffsetOf(Vm& vm, const Instance& instance, const wasm::Body& offset, bool is_64,
                  std::optional<Failure>& failure) {
  auto word =
      vm.EvaluateConstant(instance, offset, is_64 ? wasm::ValType::I64 : wasm::ValType::I32);
  if (!word) failure = std::move(word.error());
  return word.value_or(0);
}

// Active segments and the start function (e to g): effects before a failure stand.
Result<void, Failure> Start(Vm& vm, const Instance& instance) {
  const wasm::Module& module = *instance.module.module;
  std::optional<Failure> failure;
  for (uint32_t i = 0; i < module.elems.size(); ++i) {
    const wasm::ElemSegment& segment = module.elems[i];
    if (segment.mode == wasm::SegmentMode::Passive) continue;
    const uint32_t elem = instance.first_elem + i;
    if (segment.mode == wasm::SegmentMode::Active) {
      const embed::TableAddr table = instance.tables[segment.table];
      const uint64_t to = OffsetOf(vm, instance, segment.table_offset,
                                   vm.tables_[table].type.limits.is_64, failure);
      if (failure) return Fail(std::move(*failure));
      if (!bulk::TableInit(vm, elem, table, to, 0, vm.elems_[elem].words.size()))
        return Fail(vm.TakeStop());
    }
    vm.elems_[elem].words.clear();
  }
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    const wasm::DataSegment& segment = module.datas[i];
    if (segment.mode != wasm::SegmentMode::Active) continue;
    const uint32_t data = instance.first_data + i;
    const embed::MemoryAddr memory = instance.memories[segment.memory];
    const uint64_t to = OffsetOf(vm, instance, segment.memory_offset,
                                 vm.memories_[memory].type.limits.is_64, failure);
    if (failure) return Fail(std::move(*failure));
    if (!bulk::MemoryInit(vm, data, memory, to, 0, segment.bytes.size()))
      return Fail(vm.TakeStop());
    vm.datas_[data].bytes = nullptr;
  }
  if (module.start) TRY(vm.Run(instance.functions[*module.start], {}));
  return {};
}

}  // namespace

Result<embed::InstanceId, InstantiationFailure> Instantiate(
    Vm& vm, const embed::Machine& machine, const valid::ValidModule& module,
    std::span<const embed::Extern> imports) {
  if (auto mismatch = embed::CheckImports(machine, module, imports)) {
    return Fail(InstantiationFailure{std::move(*mismatch)});
  }
  Instantiator instantiator(vm, module);
  if (auto prepared = instantiator.Prepare(imports); !prepared) {
    return Fail(InstantiationFailure{std::move(prepared.error())});
  }
  const auto id = static_cast<embed::InstanceId>(vm.instances_.size());
  const Instance& instance = instantiator.Commit();
  if (auto started = Start(vm, instance); !started)
    return Fail(InstantiationFailure{std::move(started.error())});
  return id;
}

}  // namespace slabhound::exec
