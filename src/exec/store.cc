#include "exec/store.h"

#include <algorithm>

#include "heap/active_fault.h"

namespace slabhound::exec {
namespace {

// Appends, and returns the address.
template <typename T>
uint32_t Add(std::vector<T>& items, T item) {
  items.push_back(std::move(item));
  return static_cast<uint32_t>(items.size() - 1);
}

template <typename T>
void Shorten(std::vector<T>& items, size_t count) {
  items.erase(items.begin() + static_cast<ptrdiff_t>(count), items.end());
}

// Whether something of `size`, and all of its kind, can take `more`.
bool Fits(uint64_t size, uint64_t size_max, uint64_t total, uint64_t total_max, uint64_t more) {
  return size <= size_max && more <= size_max - size && total <= total_max &&
         more <= total_max - total;
}

}  // namespace

machine::FuncAddr Store::AddFunction(wasm::TypeId type, const wasm::Function& definition) {
  const auto& signature = std::get<wasm::FuncType>(types_[type].composite);
  FunctionInstance function;
  function.type = type;
  function.instance = static_cast<uint32_t>(instances_.size());
  function.definition = &definition;
  function.weight =
      signature.params.size() + definition.locals.size() + definition.body.code.size();
  return Add(functions_, std::move(function));
}

machine::FuncAddr Store::AddHostFunction(wasm::TypeId type, machine::HostFunction function,
                                         bool is_free) {
  FunctionInstance added;
  added.type = type;
  added.is_free = is_free;
  added.host = &hosts_.emplace_back(std::move(function));
  return Add(functions_, std::move(added));
}

machine::TableAddr Store::AddTable(const wasm::TableType& type, uint64_t word) {
  return Add(tables_, {type, heap::IsTraced(types_, type.element),
                       std::vector<uint64_t>(type.limits.min, word)});
}

machine::MemoryAddr Store::AddMemory(const wasm::MemoryType& type) {
  return Add(memories_, {type, machine::LinearMemory(type.limits.min * kPageBytes)});
}

machine::GlobalAddr Store::AddGlobal(const wasm::GlobalType& type, uint64_t word) {
  return Add(globals_, {type, heap::IsTraced(types_, type.type), word});
}

machine::TagAddr Store::AddTag(wasm::TypeId type) {
  layouts_.AddTag(type);
  return Add(tags_, type);
}

uint32_t Store::AddElem(wasm::ValType type) {
  return Add(elems_, {heap::IsTraced(types_, type), {}});
}

uint32_t Store::AddData(const Bytes& bytes) { return Add(datas_, {&bytes}); }

machine::InstanceId Store::AddInstance(std::unique_ptr<Instance> instance) {
  return Add(instances_, std::move(instance));
}

Store::Counts Store::counts() const {
  return {functions_.size(), tables_.size(), memories_.size(), globals_.size(),
          tags_.size(),      elems_.size(),  datas_.size()};
}

void Store::Truncate(const Counts& counts) {
  Shorten(functions_, counts.functions);
  Shorten(tables_, counts.tables);
  Shorten(memories_, counts.memories);
  Shorten(globals_, counts.globals);
  Shorten(tags_, counts.tags);
  layouts_.TruncateTags(counts.tags);
  Shorten(elems_, counts.elems);
  Shorten(datas_, counts.datas);
}

uint64_t Store::TableElements() const {
  uint64_t total = 0;
  for (const TableInstance& table : tables_) total += table.words.size();
  return total;
}

uint64_t Store::MemoryPages() const {
  uint64_t total = 0;
  for (const MemoryInstance& memory : memories_) total += memory.pages();
  return total;
}

bool Store::Admits(const wasm::Module& module) const {
  uint64_t elements = TableElements(), pages = MemoryPages();
  for (const wasm::Table& table : module.tables) {
    const uint64_t size = table.type.limits.min;
    if (!Fits(0, limits_.table_elements_max, elements, limits_.table_elements_total_max, size))
      return false;
    elements += size;
  }
  for (const wasm::Memory& memory : module.memories) {
    const uint64_t size = memory.type.limits.min;
    if (!Fits(0, limits_.memory_pages_max, pages, limits_.memory_pages_total_max, size))
      return false;
    pages += size;
  }
  return true;
}

bool Store::MayGrow(const TableInstance& table, uint64_t more) const {
  const wasm::Limits& own = table.type.limits;
  const uint64_t size_max =
      std::min(limits_.table_elements_max, own.max.value_or(own.is_64 ? UINT64_MAX : UINT32_MAX));
  return Fits(table.words.size(), size_max, TableElements(), limits_.table_elements_total_max,
              more);
}

bool Store::MayGrow(const MemoryInstance& memory, uint64_t more) const {
  const uint64_t pages_max =
      std::min(limits_.memory_pages_max, memory.type.limits.max.value_or(UINT64_MAX));
  return Fits(memory.pages(), pages_max, MemoryPages(), limits_.memory_pages_total_max, more);
}

// The fault: what a table names moves, and the table is not told.
void Store::VisitTablesWithoutWriting(RootWalk& walk) {
  for (const TableInstance& table : tables_) {
    if (!table.traced) continue;
    for (uint64_t word : table.words) {
      const uint64_t before = word;
      walk.Visit(word);
      heap::Active(fault_, heap::Fault::NurseryRootTable, word != before);
    }
  }
}

void Store::VisitRoots(RootWalk& walk, bool in_minor) {
  for (GlobalInstance& global : globals_) {
    if (!global.traced) continue;
    if (heap::Active(fault_, heap::Fault::RootRuntimeGlobal,
                     global.type.is_mutable && global.word != 0)) {
      continue;
    }
    walk.Visit(global.word);
  }
  const auto visit_words = [&](auto& items) {
    for (auto& item : items) {
      if (!item.traced) continue;
      for (uint64_t& word : item.words) walk.Visit(word);
    }
  };
  if (in_minor && heap::Injected(fault_, heap::Fault::NurseryRootTable)) {
    VisitTablesWithoutWriting(walk);
  } else {
    visit_words(tables_);
  }
  visit_words(elems_);
}

}  // namespace slabhound::exec
