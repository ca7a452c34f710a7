// Vm: the store and the running state of one slab-engine machine. Internal to exec.
//
// 1. A frame's registers are a window of `registers`; a callee's window starts where its caller's
// ends.
// 2. While anything that may collect runs, the `pc` of every frame stands at a safepoint op: its
// stack map says which
//    registers are roots. The top frame's is at an Entry, LoopHeader or allocation, all others at
//    their call.
// 3. Other roots: globals, tables and element segments of traced types, handles, the pending
// exception.
// 4. A stop (trap, exhaustion, panic, uncaught exception) unwinds to the innermost embedder call.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "bytecode/budget.h"
#include "bytecode/bytecode.h"
#include "embed/machine.h"
#include "exec/instance.h"
#include "exec/machine.h"
#include "gc/collector.h"
#include "heap/heap.h"

namespace slabhound::exec {

using bytecode::Function;
using bytecode::Op;

struct FunctionInstance {
  wasm::TypeId type{};
  // Of Wasm: its instance (index) and definition; of the host: the function.
  uint32_t instance = 0;
  const wasm::Function* definition = nullptr;
  const embed::HostFunction* host = nullptr;
  std::shared_ptr<const Function> compiled;  // made at the first call
  uint64_t weight = 0;                       // rule F5
};
struct TableInstance {
  wasm::TableType type;
  bool traced = false;
  std::vector<uint64_t> words;
};
struct MemoryInstance {
  wasm::MemoryType type;
  std::vector<uint8_t> bytes;
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
};

struct Frame {
  const Function* function = nullptr;
  const Op* pc = nullptr;
  size_t base = 0;
  uint64_t weight = 0;
};

// An arena lent by the thread's pool for the life of one heap. A machine dies on the thread that
// made it.
class PooledArena {
 public:
  explicit PooledArena(uint64_t bytes);
  ~PooledArena();
  PooledArena(const PooledArena&) = delete;
  PooledArena& operator=(const PooledArena&) = delete;
  heap::Arena& get() { return *arena_; }

 private:
  std::unique_ptr<heap::Arena> arena_;
};

class Vm final : public gc::RootSource {
 public:
  Vm(wasm::TypeStore& types, const embed::Limits& limits, const Config& config);
  ~Vm() override;

  // Runs a function; words of the results, or the failure.
  Result<std::vector<uint64_t>, embed::Failure> Run(embed::FuncAddr function,
                                                    std::vector<uint64_t> arguments);
  Result<uint64_t, embed::Failure> EvaluateConstant(const Instance& instance,
                                                    const wasm::Body& body, wasm::ValType type);
  std::optional<uint64_t> SimpleConstant(const Instance& instance, const wasm::Body& body) const;

  // Whether fuel covers the cost, which is then taken; if not the run stops.
  bool TakeFuel(uint64_t cost);
  bool TakeBulkFuel(uint64_t units) { return TakeFuel(units / embed::kBulkUnitsPerFuel); }

  void StopTrap(embed::TrapKind kind) { stop_ = embed::Trap{kind}; }
  void StopExhausted(embed::Resource resource) { stop_ = embed::Exhausted{resource}; }
  void StopPanic();  // with the heap's panic
  bool stopped() const { return stop_.has_value(); }
  embed::Failure TakeStop();

  // Allocation under the schedule. Null: the run is stopped. Every live reference must be a root.
  heap::Ref NewStruct(wasm::TypeId type);
  heap::Ref NewArray(wasm::TypeId type, uint32_t length);  // checks object_bytes_max
  heap::Ref NewException(embed::TagAddr tag);
  // object_bytes_max for `count` units of `bytes`; stops the run when exceeded.
  bool ObjectFits(uint64_t count, uint64_t bytes);

  // Collects if the schedule wants it at a call or loop; false: stopped by a panic.
  bool Safepoint();
  bool Collect();
  // At a point of the schedule: collects, unless the last collection's cost is still being made up
  // for.
  bool CollectOnSchedule();
  uint64_t VisitRoots(gc::RootVisitor& visitor) override;

  // The object behind a non-null reference whose type is (a subtype of) `type`, or nullptr with the
  // run stopped.
  uint8_t* Access(heap::Ref ref, wasm::TypeId type);
  // Whether `word` (traced) matches a canonical reference type; a panic stops the run.
  bool Matches(uint64_t word, wasm::ValType type);
  bool MatchesFunction(uint64_t word, wasm::ValType type);
  // The address behind a non-null function word; stops the run for a word that is none.
  std::optional<embed::FuncAddr> FunctionOf(uint64_t word);

  // Values at the boundary.
  Result<embed::Value, embed::Panic> ToValue(uint64_t word, wasm::ValType type);
  uint64_t ToWord(const embed::Value& value);
  uint64_t ToWord(const embed::Ref& ref);
  embed::Panic PanicValue() const;

  // Calls. EnterFunction pushes a frame for a Wasm function, or runs a host function to its end and
  // stores its results by `call`. `arguments` are registers of the current window, or of `staged`
  // for entry from outside.
  enum class Entered : uint8_t { Wasm, Host, Stopped };
  Entered Enter(embed::FuncAddr function, std::span<const uint64_t> arguments, bool is_tail);
  const Function* Compiled(FunctionInstance& function);  // nullptr: the budget is spent

  // Pops frames down to the floor until one handles the pending exception: the op to go on with.
  // nullptr: nobody does, and the run is stopped.
  const Op* Unwind();

  uint64_t* window() { return registers_.data() + frames_.back().base; }

  embed::Machine* machine_ = nullptr;  // what host functions are given
  wasm::TypeStore& types_;
  embed::Limits limits_;
  Config config_;
  uint64_t fuel_;
  PooledArena arena_;  // outlives the heap
  heap::Heap heap_;
  std::unique_ptr<gc::Collector> collector_;
  uint64_t allocation_count_ = 0;
  bytecode::CompileBudget compile_budget_;
  uint64_t collection_cost_ = 0;  // of the last one
  uint64_t points_to_pass_ = 0;

  std::vector<std::unique_ptr<Instance>> instances_;
  std::deque<embed::HostFunction> hosts_;  // never move: one may add others while it runs
  std::vector<FunctionInstance> functions_;
  std::vector<TableInstance> tables_;
  std::vector<MemoryInstance> memories_;
  std::vector<GlobalInstance> globals_;
  std::vector<wasm::TypeId> tags_;
  std::vector<ElemInstance> elems_;
  std::vector<DataInstance> datas_;

  std::vector<uint64_t> registers_;
  std::vector<Frame> frames_;
  size_t floor_ = 0;    // frames below belong to outer embedder calls
  uint32_t depth_ = 0;  // rule F4
  uint32_t host_depth_ = 0;
  uint64_t weight_ = 0;
  std::optional<embed::Failure> stop_;
  heap::Ref pending_exception_;
  std::vector<uint64_t>
      results_;                   // of a frame that returned to the embedder, or of a host function
  std::vector<uint64_t> staged_;  // arguments on their way into a window
  std::vector<heap::Ref> handles_;
};

// Runs frames from the top one until the floor's frame returned or the run stopped
// (interpreter.cc).
void Interpret(Vm& vm);

}  // namespace slabhound::exec
