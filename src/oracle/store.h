// The store and its instances (spec 4.2.3 to 4.2.12).
//
// 1. Everything is held in deques by address, and nothing is ever removed (but for an instantiation
//    that failed before it allocated: instantiate.cc), so references to instances stay valid.
// 2. Types are canonical.
#pragma once

#include <deque>
#include <vector>

#include "machine/machine.h"
#include "oracle/block_map.h"
#include "oracle/object.h"
#include "oracle/value.h"

namespace slabhound::oracle {

inline constexpr uint64_t kPageBytes = 65536;

struct ModuleInst;

struct FuncInst {
  wasm::TypeId type{};
  // A Wasm function has a module and code, a host function a number in Store::host_functions.
  ModuleInst* module = nullptr;
  const wasm::Function* function = nullptr;
  BlockMap blocks;  // made at the first call
  uint32_t host = 0;
  bool is_free = false;  // to enter
  bool is_host() const { return module == nullptr; }
};

struct TableInst {
  wasm::TableType type;  // limits.min as declared
  std::vector<Value> elements;
};
struct MemoryInst {
  wasm::MemoryType type;
  machine::LinearMemory bytes;
  uint64_t Pages() const { return bytes.size() / kPageBytes; }
};
struct GlobalInst {
  wasm::GlobalType type;
  Value value;
};
struct TagInst {
  wasm::TypeId type{};
};

// A dropped segment is empty.
struct ElemInst {
  std::vector<Value> values;
};
struct DataInst {
  ByteSpan bytes;  // the module's own
};

struct ModuleInst {
  valid::ValidModule valid;
  std::vector<uint32_t> functions, tables, memories, globals, tags;  // addresses by index
  std::vector<ElemInst> elems;
  std::vector<DataInst> datas;

  wasm::TypeId Type(uint32_t index) const { return valid.type_ids[index]; }
  const std::vector<uint32_t>& Addresses(wasm::ExternKind kind) const;
};

struct Store {
  Store(wasm::TypeStore& type_store, const machine::Limits& bounds)
      : types(type_store), limits(bounds), fuel(bounds.fuel) {}

  wasm::TypeStore& types;
  machine::Limits limits;
  uint64_t fuel;
  uint64_t heap_bytes = 0;
  uint64_t memory_pages = 0, table_elements = 0;  // sums over all memories and tables

  std::deque<ModuleInst> modules;
  std::deque<FuncInst> functions;
  std::deque<machine::HostFunction> host_functions;
  std::deque<TableInst> tables;
  std::deque<MemoryInst> memories;
  std::deque<GlobalInst> globals;
  std::deque<TagInst> tags;
  std::deque<Object> objects;

  const wasm::FuncType& FunctionType(wasm::TypeId type) const {
    return std::get<wasm::FuncType>(types[type].composite);
  }
  const wasm::StructType& StructType(wasm::TypeId type) const {
    return std::get<wasm::StructType>(types[type].composite);
  }
  const wasm::ArrayType& ArrayType(wasm::TypeId type) const {
    return std::get<wasm::ArrayType>(types[type].composite);
  }

  // Requires: the value is a struct, array or exception.
  Object& At(const Value& value);

  // The value of a new object.
  Value Add(Object object);

  // Takes the cost of an event (machine/machine.h, F1); false: exhausted, and no fuel is left.
  [[nodiscard]] bool TakeFuel(uint64_t cost);

  machine::TableAddr AddTable(const wasm::TableType& type, const Value& init);
  machine::MemoryAddr AddMemory(const wasm::MemoryType& type);

  // Whether this many more stay within the limit for one and the limit for all
  // (machine/machine.h, F9).
  bool MayGrowTable(uint64_t size, uint64_t more) const;
  bool MayGrowMemory(uint64_t pages, uint64_t more) const;
};

// Whether a value has a type, by what the value is (spec 4.2.2): the promise of soundness.
bool HasType(const Store& store, const Value& value, wasm::ValType type);

// The default value of a type (spec 4.2.1). A type that has none gives Unset.
Value DefaultValue(const Store& store, wasm::ValType type);

}  // namespace slabhound::oracle
