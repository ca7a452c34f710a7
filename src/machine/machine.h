// Machine: one store of the specification (4.2.3) as an embedder sees it, the same for every
// in-process engine.
// 1. Addresses (functions, tables, memories, globals, tags) are dense from 0 in order of
//    allocation, so a program that does the same on two machines sees the same addresses.
// 2. A Ref to a struct, array or exception is a handle: it roots its object until
//    ReleaseHandles(mark) with a mark taken before it was made. Two handles may name one object;
//    Identity tells.
// 3. Fuel and depth count Wasm's own events, the same in every engine; the exact rules are F1 to
//    F11 below.
// 4. After an Exhausted, Trap or Thrown outcome the machine is usable and all effects before it
//    stand. After a Panic only destruction is allowed.
// 5. Nothing here uses native recursion proportional to Wasm call depth or nesting; re-entry
//    through a host function does, and is bounded by Limits::host_depth_max (also
//    Exhausted{CallDepth}).
// 6. Where the specification allows several NaNs (arithmetic, min, max, sqrt, rounding, promotion,
//    demotion) the result is the positive canonical one; abs, neg, copysign, loads, stores and
//    reinterpretations keep bits.
// Linking between machines is not supported. Not thread-safe.
//
// Fuel and depth, exactly
// F1. An event with cost c finds fuel >= c and takes it, or the run ends as Exhausted{Fuel} with
//     the fuel left at 0. The order at any instruction: its traps, then depth (F4), then
//     object_bytes_max (F6), then fuel, then heap_bytes_max, then the effect. What fails a check
//     leaves no effect and takes nothing of the later ones.
// F2. Cost 1: each function entry (by Call, by the start function, by every call and tail call
//     instruction; Wasm and host functions, but for free ones), after the call's own traps; and
//     each arrival at a loop header, by falling in and by any branch to it (br, br_if taken,
//     br_table, br_on_* taken, a catch clause).
// F3. Bulk instructions cost units / kBulkUnitsPerFuel, rounded down. Units: the number of
//     elements for array.new, array.new_default, array.new_fixed, array.new_data, array.new_elem,
//     array.fill, array.copy, array.init_data, array.init_elem, table.fill, table.copy,
//     table.init; the number of bytes for memory.fill, memory.copy, memory.init; the delta for
//     table.grow; the delta times 65536 for memory.grow. A grow that fails (-1) costs nothing.
//     struct.new, throw, catching and unwinding cost nothing.
// F4. Depth is the number of active Wasm and host functions over all nested Calls; entering one
//     more than call_depth_max is Exhausted{CallDepth}. A tail call replaces its caller (Wasm or
//     host callee): depth unchanged. A free host function, which forces a collection and does no
//     more, is entered at any depth. A Call that would be the (host_depth_max + 1)-th nested one
//     is Exhausted{CallDepth} before anything else.
// F5. The weight of a Wasm function is its parameters + declared locals + instructions of its body
//     (Body::code.size(), the final end included); a host function has weight 0. Entering a
//     function that would lift the sum of the weights of active functions above stack_weight_max
//     is Exhausted{CallDepth}; a tail call gives its own weight up first. Constant expressions
//     have neither depth nor weight.
// F6. A struct or array of more than object_bytes_max payload bytes is Exhausted{ObjectSize}: a
//     field or element counts 1, 2, 4, 8 or 16 by its storage type, a reference 8, nothing for
//     headers or padding. Exceptions are exempt. Of more than kObjectBytesEver, which is beyond any
//     budget, it is Exhausted{HugeObject}. heap_bytes_max is each engine's own affair; only F6 is
//     the same everywhere.
// F7. Traps, in order: call_indirect: UndefinedElement (index), UninitializedElement (null),
//     IndirectCallTypeMismatch. array.copy, array.fill, array.init_*: null arrays (destination,
//     then source), then ArrayOutOfBounds, then the segment (MemoryOutOfBounds for data,
//     TableOutOfBounds for elements). array.new_data and array.new_elem: the segment. A dropped
//     segment has length 0. Bounds are checked without wrapping, also for length 0. ref.cast and
//     br_on_cast have CastFailure only; ref.as_non_null NullReference.
// F8. Instantiation: (a) imports are checked; (b) a table or memory whose minimum exceeds
//     table_elements_max, memory_pages_max or the totals is Exhausted{Heap}; (c) global
//     initializers in order, table initializers in order, the expressions of all element segments
//     in order (each once); (d) everything is allocated; (e) active element segments in order as
//     table.init and elem.drop, declarative ones dropped; (f) active data segments in order as
//     memory.init and data.drop; (g) the start function as by Call. Bulk instructions in (c) and
//     the inits of (e) and (f) take fuel by F3; nothing else before (g) does. A failure in (a) to
//     (c) leaves no address behind; one in (e) to (g) leaves all of them, and the effects before
//     it.
// F9. Growth beyond the type's maximum, table_elements_max, memory_pages_max or the totals fails
//     with -1.
// F10. A Thrown outcome of a host function is an exception that Wasm can catch; any other failure
//      of it ends the run with that outcome. Handles made for its arguments, and by it, are
//      released when it returns.
// F11. An instruction whose row in wasm/opcodes.def is not run is Exhausted{Instruction} when a run
//      comes to it, before anything else.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "machine/linear_memory.h"
#include "machine/outcome.h"
#include "valid/valid_module.h"

namespace slabhound::machine {

inline constexpr uint64_t kBulkUnitsPerFuel = 2'048;
inline constexpr uint64_t kObjectBytesEver = uint64_t{1} << 30;  // no object_bytes_max is larger

// What ran out where an object of so many bytes is too large (F6).
inline Resource ResourceOf(uint64_t object_bytes) {
  return object_bytes > kObjectBytesEver ? Resource::HugeObject : Resource::ObjectSize;
}

// What a machine may use. The defaults suit one generated test case.
struct Limits {
  uint64_t fuel = 100'000;
  uint32_t call_depth_max = 256;
  uint32_t host_depth_max = 32;
  uint64_t heap_bytes_max = 64u << 20;
  // One object of more payload bytes than this is Exhausted{ObjectSize} at once, the same in every
  // engine (an element counts 1, 2, 4, 8 or 16 bytes by its storage type, a reference 8).
  uint64_t object_bytes_max = 16u << 20;
  uint64_t memory_pages_max =
      256;  // per memory; growing beyond it fails as the instruction says, with -1
  uint64_t table_elements_max = 1'000'000;  // per table; likewise
  // Sums over all tables and memories of the machine, those of the embedder included.
  uint64_t memory_pages_total_max = 1024;
  uint64_t table_elements_total_max = 4'000'000;
  uint64_t stack_weight_max = 4'000'000;  // rule F5
};

using FuncAddr = uint32_t;
using TableAddr = uint32_t;
using MemoryAddr = uint32_t;
using GlobalAddr = uint32_t;
using TagAddr = uint32_t;
using InstanceId = uint32_t;

struct Extern {
  wasm::ExternKind kind = wasm::ExternKind::Func;
  uint32_t address = 0;
  friend bool operator==(const Extern&, const Extern&) = default;
};

class Machine;

// A host function: arguments of its declared parameter types in, an Outcome with values of its
// result types out. It may call back into the machine.
using HostFunction = std::function<Outcome(Machine&, std::span<const Value>)>;

struct ObjectInfo {
  RefKind kind = RefKind::Struct;  // Struct, Array or Exn
  wasm::TypeId type{};             // Struct, Array
  TagAddr tag = 0;                 // Exn
  uint32_t field_count = 0;        // fields, elements or payload values
};

struct ImportFailure {
  std::string message;  // "unknown import …" or "incompatible import type …" (the specification's
                        // phrases first)
};
struct InstantiationFailure {
  std::variant<ImportFailure, Failure> reason;
};

class Machine {
 public:
  virtual ~Machine() = default;

  virtual const Limits& limits() const = 0;
  virtual wasm::TypeStore& types() = 0;
  virtual const wasm::TypeStore& types() const = 0;

  // Fuel left; SetFuel before each call gives every call its own budget.
  virtual uint64_t fuel() const = 0;
  virtual void SetFuel(uint64_t fuel) = 0;

  // Allocation by the embedder. Types are canonical.
  FuncAddr AddHostFunction(wasm::TypeId type, HostFunction function) {
    return AddHostFunction(type, std::move(function), /*is_free=*/false);
  }
  // `is_free`: entering it costs nothing (F2, F4).
  virtual FuncAddr AddHostFunction(wasm::TypeId type, HostFunction function, bool is_free) = 0;
  virtual TableAddr AddTable(const wasm::TableType& type, Ref init) = 0;
  virtual MemoryAddr AddMemory(const wasm::MemoryType& type) = 0;
  virtual GlobalAddr AddGlobal(const wasm::GlobalType& type, const Value& value) = 0;
  virtual TagAddr AddTag(wasm::TypeId type) = 0;

  // Instantiates (spec 4.5.4), start function included. `imports` are in the order of the module's
  // imports.
  virtual Result<InstanceId, InstantiationFailure> Instantiate(const valid::ValidModule& module,
                                                               std::span<const Extern> imports) = 0;
  virtual std::optional<Extern> FindExport(InstanceId instance, std::string_view name) const = 0;

  // Calls a function. Requires: arguments match its parameter types.
  virtual Outcome Call(FuncAddr function, std::span<const Value> arguments) = 0;

  // Types of what an address names (canonical).
  virtual wasm::TypeId FunctionType(FuncAddr function) const = 0;
  virtual wasm::TableType TableTypeOf(TableAddr table) const = 0;  // limits.min is the current size
  virtual wasm::MemoryType MemoryTypeOf(
      MemoryAddr memory) const = 0;  // limits.min is the current size in pages
  virtual wasm::GlobalType GlobalTypeOf(GlobalAddr global) const = 0;
  virtual wasm::TypeId TagType(TagAddr tag) const = 0;

  // How many addresses of a kind there are: with (1), everything that exists can be enumerated.
  virtual uint32_t AddressCount(wasm::ExternKind kind) const = 0;

  // State. A Panic is possible wherever a reference is followed.
  virtual Result<Value, Panic> ReadGlobal(GlobalAddr global) = 0;
  virtual Result<Value, Panic> ReadTable(TableAddr table,
                                         uint64_t index) = 0;  // Requires: index < size
  virtual void WriteTable(TableAddr table, uint64_t index,
                          Ref value) = 0;  // Requires: index < size, type matches
  virtual const LinearMemory& MemoryOf(MemoryAddr memory) const = 0;
  ByteSpan MemoryBytes(MemoryAddr memory) const { return MemoryOf(memory).bytes(); }

  // Objects. Requires: the Ref is a Struct, Array or Exn handle of this machine.
  virtual Result<ObjectInfo, Panic> Inspect(Ref object) = 0;
  virtual Result<Value, Panic> ReadField(
      Ref object, uint32_t index) = 0;  // packed fields zero-extended, as I32
  // Equal for two handles exactly when they name the same object, until the next Call or
  // CollectGarbage.
  virtual uint64_t Identity(Ref object) const = 0;
  virtual Result<Ref, Failure> NewException(TagAddr tag, std::span<const Value> payload) = 0;

  // Handles.
  virtual size_t HandleMark() const = 0;
  virtual void ReleaseHandles(size_t mark) = 0;

  // A collection now, where there is a collector; the integrity of the heap is checked with it.
  virtual Result<void, Panic> CollectGarbage() = 0;
};

}  // namespace slabhound::machine
