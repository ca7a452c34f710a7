// Vm: one slab-engine machine: its parts, and calls between them. Internal to exec.
//
// 1. Each part keeps its own invariants: what runs may still spend (RunState), frames (Stack), the
//    heap under its schedule (Objects), what has an address (Store), what the embedder holds
//    (Handles). The Vm adds what needs several: calls, unwinding, function references, values.
// 2. Roots are registers by stack map, words of the store, handles, and the exception on its way.
// 3. A stop unwinds to the innermost embedder call.
#pragma once

#include <optional>
#include <vector>

#include "bytecode/budget.h"
#include "exec/fault_state.h"
#include "exec/handles.h"
#include "exec/objects.h"
#include "exec/stack.h"
#include "exec/store.h"
#include "exec/vectors.h"
#include "heap/active_fault.h"

namespace slabhound::exec {

class Vm final : public gc::RootSource {
 public:
  // Host functions are given `machine`.
  Vm(machine::Machine& machine, wasm::TypeStore& types, const machine::Limits& limits,
     const Config& config);

  const machine::Limits& limits() const { return limits_; }
  const Config& config() const { return config_; }
  wasm::TypeStore& types() { return types_; }
  const wasm::TypeStore& types() const { return types_; }
  RunState& run() { return run_; }
  const RunState& run() const { return run_; }
  Stack& stack() { return stack_; }
  Objects& objects() { return objects_; }
  heap::Heap& heap() { return objects_.heap(); }
  Store& store() { return store_; }
  const Store& store() const { return store_; }
  Vectors& vectors() { return vectors_; }
  // The word of a vector; false: there are too many, and the run is stopped.
  bool MakeVector(wasm::V128 value, uint64_t& word);
  Handles& handles() { return handles_; }
  const Handles& handles() const { return handles_; }
#if SLABHOUND_FAULTS
  FaultState& fault_state() { return fault_state_; }
#endif

  // Runs a function; words of the results, or the failure.
  Result<std::vector<uint64_t>, machine::Failure> Run(machine::FuncAddr function,
                                                      std::span<const uint64_t> arguments);
  Result<uint64_t, machine::Failure> EvaluateConstant(const Instance& instance,
                                                      const wasm::Body& body, wasm::ValType type);

  // Pushes a frame for a Wasm function, or runs a host function to its end: its results are the
  // stack's. `arguments` are no registers.
  enum class Entered : uint8_t { Wasm, Host, Stopped };
  Entered Enter(machine::FuncAddr function, std::span<const uint64_t> arguments, bool is_tail);

  // Pops frames down to the floor until one handles the exception on its way: the op to go on with.
  // nullptr: nobody does, and the run is stopped.
  const Op* Unwind();

  // What the heap holds function words against. Called wherever functions come or go.
  void TellFunctionCount() { heap().set_function_count(store_.function_count()); }
  // The address behind a non-null function word; stops the run for a word that is none.
  std::optional<machine::FuncAddr> FunctionOf(uint64_t word);
  // Whether a function word matches a canonical type; a panic stops the run.
  bool MatchesFunction(uint64_t word, wasm::ValType type);

  // Values at the boundary (values.cc).
  Result<machine::Value, machine::Panic> ToValue(uint64_t word, wasm::ValType type);
  uint64_t ToWord(const machine::Value& value);
  uint64_t ToWord(const machine::Ref& ref);

  uint64_t VisitRoots(gc::RootVisitor& visitor) override;

 private:
  // nullptr: the budget is spent.
  const Function* Compiled(FunctionInstance& function);
  Entered CallHost(const FunctionInstance& function, std::span<const uint64_t> arguments,
                   bool is_tail);
  std::optional<uint64_t> SimpleConstant(const Instance& instance, const wasm::Body& body) const;

  machine::Machine& machine_;
  wasm::TypeStore& types_;
  machine::Limits limits_;
  Config config_;
  bytecode::CompileBudget compile_budget_;
  RunState run_;
  Stack stack_;
  Objects objects_;
  Store store_;
  Vectors vectors_;
  Handles handles_;
  uint32_t host_depth_ = 0;
#if SLABHOUND_FAULTS
  FaultState fault_state_;
#endif
};

// Runs frames from the top one until the floor's frame returned or the run stopped
// (interpreter.cc).
void Interpret(Vm& vm);

}  // namespace slabhound::exec
