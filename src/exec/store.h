// Store: everything that has an address in one machine, instances and segments too.
//
// 1. Addresses are dense and grow; only an instantiation that fails takes its own back (Truncate).
// 2. Words of traced globals, tables and element segments are roots.
// 3. The heap's layouts have the same tags.
// 4. Sums over all tables and memories stay within the limits where Wasm makes or grows them; the
//    embedder answers for what it adds.
// 5. References to functions are invalid once one is added; tables, memories and globals likewise.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "bytecode/bytecode.h"
#include "exec/instance.h"
#include "exec/root_walk.h"
#include "heap/layout.h"
#include "machine/machine.h"

namespace slabhound::exec {

inline constexpr uint64_t kPageBytes = 65536;

struct FunctionInstance {
  wasm::TypeId type{};
  // Of Wasm: its instance (index) and definition; of the host: the function.
  uint32_t instance = 0;
  const wasm::Function* definition = nullptr;
  const machine::HostFunction* host = nullptr;
  bool is_free = false;                                // to enter
  std::shared_ptr<const bytecode::Function> compiled;  // made at the first call
  uint64_t weight = 0;                                 // rule F5
};
struct TableInstance {
  wasm::TableType type;
  bool traced = false;
  std::vector<uint64_t> words;
};
struct MemoryInstance {
  wasm::MemoryType type;
  machine::LinearMemory bytes;
  uint64_t pages() const { return bytes.size() / kPageBytes; }
};
struct GlobalInstance {
  wasm::GlobalType type;
  bool traced = false;
  uint64_t word = 0;
};
struct ElemInstance {
  bool traced = false;
  std::vector<uint64_t> words;  // none once dropped
};
struct DataInstance {
  const Bytes* bytes = nullptr;  // nullptr once dropped
  uint64_t size() const { return bytes == nullptr ? 0 : bytes->size(); }
};

class Store {
 public:
  // Requires: all outlive the store.
  Store(const wasm::TypeStore& types, const machine::Limits& limits, heap::LayoutTable& layouts,
        heap::Fault fault)
      : types_(types), limits_(limits), layouts_(layouts), fault_(fault) {}

  FunctionInstance& function(machine::FuncAddr address) { return functions_[address]; }
  TableInstance& table(machine::TableAddr address) { return tables_[address]; }
  MemoryInstance& memory(machine::MemoryAddr address) { return memories_[address]; }
  GlobalInstance& global(machine::GlobalAddr address) { return globals_[address]; }
  ElemInstance& elem(uint32_t address) { return elems_[address]; }
  DataInstance& data(uint32_t address) { return datas_[address]; }
  const FunctionInstance& function(machine::FuncAddr address) const { return functions_[address]; }
  const TableInstance& table(machine::TableAddr address) const { return tables_[address]; }
  const MemoryInstance& memory(machine::MemoryAddr address) const { return memories_[address]; }
  const GlobalInstance& global(machine::GlobalAddr address) const { return globals_[address]; }
  wasm::TypeId tag(machine::TagAddr address) const { return tags_[address]; }
  const Instance& instance(machine::InstanceId id) const { return *instances_[id]; }

  // Each returns the new address.
  machine::FuncAddr AddFunction(wasm::TypeId type, const wasm::Function& definition);
  machine::FuncAddr AddHostFunction(wasm::TypeId type, machine::HostFunction function,
                                    bool is_free);
  machine::TableAddr AddTable(const wasm::TableType& type, uint64_t word);
  machine::MemoryAddr AddMemory(const wasm::MemoryType& type);
  machine::GlobalAddr AddGlobal(const wasm::GlobalType& type, uint64_t word);
  machine::TagAddr AddTag(wasm::TypeId type);
  uint32_t AddElem(wasm::ValType type);
  uint32_t AddData(const Bytes& bytes);  // which outlive the store
  machine::InstanceId AddInstance(std::unique_ptr<Instance> instance);

  uint32_t function_count() const { return static_cast<uint32_t>(functions_.size()); }
  // How many addresses there are of each kind.
  struct Counts {
    size_t functions, tables, memories, globals, tags, elems, datas;
  };
  Counts counts() const;
  // Forgets what came since. Requires: nothing refers to it.
  void Truncate(const Counts& counts);

  // Whether limits admit the tables and memories that the module defines, together.
  bool Admits(const wasm::Module& module) const;
  // Whether limits and its own type let it grow by so many elements, or pages.
  bool MayGrow(const TableInstance& table, uint64_t more) const;
  bool MayGrow(const MemoryInstance& memory, uint64_t more) const;

  // In a minor collection or another.
  void VisitRoots(RootWalk& walk, bool in_minor);

 private:
  void VisitTablesWithoutWriting(RootWalk& walk);
  uint64_t TableElements() const;
  uint64_t MemoryPages() const;

  const wasm::TypeStore& types_;
  const machine::Limits& limits_;
  heap::LayoutTable& layouts_;
  heap::Fault fault_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::deque<machine::HostFunction> hosts_;  // never move: one may add others while it runs
  std::vector<FunctionInstance> functions_;
  std::vector<TableInstance> tables_;
  std::vector<MemoryInstance> memories_;
  std::vector<GlobalInstance> globals_;
  std::vector<wasm::TypeId> tags_;
  std::vector<ElemInstance> elems_;
  std::vector<DataInstance> datas_;
};

}  // namespace slabhound::exec
