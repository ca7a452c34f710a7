// The stack of execution (spec 4.2.16 to 4.2.18): values, labels and frames, each in a vector of
// its own, so that neither nesting nor call depth uses the native stack.
//
// 1. A frame's locals and operands are the values from Frame::locals on, operands above
//    Frame::operands; its labels are those from Frame::labels on, innermost last.
// 2. An activation is one call by the embedder (or one constant expression): the frames above
//    `base_frame`. Nested activations share the stack.
// 3. depth and weight count active functions over all activations (machine/machine.h, F4 and F5).
#pragma once

#include <vector>

#include "oracle/handle.h"
#include "oracle/step.h"
#include "oracle/store.h"

namespace slabhound::oracle {

struct Label {
  uint32_t continuation = 0;  // where a branch to it goes on
  uint32_t arity = 0;         // values a branch to it carries
  uint32_t results = 0;       // values its `end` leaves
  bool is_loop = false;
  // Of a try_table: its clauses in Body::catches (spec 4.2.16, handlers).
  uint32_t catches_first = 0, catches_count = 0;
  size_t height = 0;  // of the value stack below its parameters
};

struct Frame {
  ModuleInst* module = nullptr;
  const wasm::Body* body = nullptr;
  const FuncInst* function = nullptr;  // null: a constant expression
  uint32_t pc = 0;                     // the next instruction
  uint32_t results = 0;
  uint64_t weight = 0;
  size_t locals = 0, operands = 0, labels = 0;
};

// The operands of an instruction that copies `count` items.
struct Copying {
  uint64_t to, from, count;
};

struct Thread {
  Thread(Store& the_store, Handles& the_handles, machine::Machine& the_machine)
      : store(the_store), handles(the_handles), machine(the_machine) {}

  Store& store;
  Handles& handles;
  machine::Machine& machine;  // what host functions are given

  std::vector<Value> values;
  std::vector<Label> labels;
  std::vector<Frame> frames;
  size_t base_frame = 0;  // frames below belong to outer activations
  size_t base_value = 0;
  uint32_t depth = 0;
  uint32_t host_depth = 0;
  uint64_t weight = 0;

  Value exception;       // of Step::Throw
  machine::Panic panic;  // of Step::Panic

  Frame& frame() { return frames.back(); }
  ModuleInst& module() { return *frames.back().module; }

  // The height below which the current frame may not pop.
  size_t Floor() const { return frames.size() == base_frame ? base_value : frames.back().operands; }

  void Push(const Value& value) { values.push_back(value); }
  template <typename T>
  Step PushNumber(T number) {
    values.push_back(Value::Number(number));
    return Step::Next();
  }

  Value Pop() {
    CHECK(values.size() > Floor());
    const Value value = values.back();
    values.pop_back();
    return value;
  }
  template <typename T>
  T Pop() {
    return Pop().As<T>();
  }
  Value PopRef() {
    const Value value = Pop();
    CHECK(value.is_ref());
    return value;
  }
  // An operand whose type is the address type of a memory or table (spec 2.3.11).
  uint64_t PopAddress(bool is_64) { return is_64 ? Pop<uint64_t>() : Pop<uint32_t>(); }
  Copying PopCopying(bool to_64, bool from_64) {
    const uint64_t count = PopAddress(to_64 && from_64);
    const uint64_t from = PopAddress(from_64);
    return {PopAddress(to_64), from, count};
  }
  Step PushAddress(bool is_64, uint64_t value) {
    return is_64 ? PushNumber(value) : PushNumber(static_cast<uint32_t>(value));
  }

  // Takes the fuel of a bulk instruction (machine/machine.h, F3).
  Step TakeBulkFuel(uint64_t units) {
    return store.TakeFuel(units / machine::kBulkUnitsPerFuel)
               ? Step::Next()
               : Step::Exhausted(machine::Resource::Fuel);
  }

  // Takes an object's bytes out of the heap (heap_bytes_max; they never come back).
  Step TakeHeap(uint64_t footprint) {
    if (footprint > store.limits.heap_bytes_max - store.heap_bytes) {
      return Step::Exhausted(machine::Resource::Heap);
    }
    store.heap_bytes += footprint;
    return Step::Next();
  }
};

}  // namespace slabhound::oracle
