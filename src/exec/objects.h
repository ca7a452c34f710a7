// Objects: the heap of one machine, under its collector and schedule, and checked access to it.
//
// 1. A collection happens only in Collect, Safepoint and New…; every reference that is to live
//    through one is a root then, and addresses of objects are gone behind it.
// 2. An allocation has the three results of gc/collector.h, 12; where it gives null, or a check
//    fails, the run is stopped.
// 3. A panic of the heap stops the run for good: the heap is not used any more.
#pragma once

#include <memory>

#include "exec/machine.h"
#include "exec/pooled_arena.h"
#include "exec/run_state.h"
#include "gc/collector.h"
#include "gc/scheduler.h"
#include "gc/verifier.h"
#include "heap/heap.h"
#include "machine/machine.h"

namespace slabhound::exec {

class Objects {
 public:
  // Requires: all outlive it.
  Objects(const wasm::TypeStore& types, const machine::Limits& limits, const Config& config,
          gc::RootSource& roots, RunState& run);

  heap::Heap& heap() { return heap_; }
  const heap::Layout& LayoutOf(wasm::TypeId type) { return heap_.layouts().Of(type); }

  heap::Ref NewStruct(wasm::TypeId type) {
    if (!scheduler_.has_allocations()) [[likely]] {
      const heap::Ref ref = heap_.AllocateStruct(type);
      if (!ref.is_null()) [[likely]]
        return ref;
    }
    return NewStructUnderSchedule(type);
  }
  heap::Ref NewArray(wasm::TypeId type, uint32_t length);
  heap::Ref NewException(machine::TagAddr tag);
  // object_bytes_max for `count` units of `bytes`; stops the run when exceeded.
  bool Fit(uint64_t count, uint64_t bytes) {
    return count * bytes <= object_bytes_max_ || StopTooLarge(count * bytes);
  }

  // Collects if the schedule wants it at a call or loop; false: stopped by a panic.
  bool has_safepoints() const { return scheduler_.has_safepoints(); }
  bool Safepoint() { return !scheduler_.has_safepoints() || CollectAtSafepoint(); }
  // As the embedder asks for it; nothing where the schedule is never.
  bool CollectOnRequest() { return !may_collect() || Collect(scheduler_.Next()); }
  bool may_collect() const { return scheduler_.may_collect(); }
  // Whatever the schedule says; false: stopped by a panic.
  bool Collect(gc::Extent extent);
  // The integrity check, of the collector's side tables too; false: stopped by a panic.
  bool Verify();
  // What its heap has been through.
  HeapPast past() const {
    return {.collections = collections_,
            .frees = frees_,
            .copies = heap_.copy_count(),
            .reuses = heap_.reuse_count(),
            .is_tight = heap_.bytes_in_use() >= heap_.bytes_max() / 8 * 7};
  }
  // Whether a collection runs that frees young objects alone.
  bool in_minor() const { return in_minor_; }

  // The object behind a non-null reference whose type is (a subtype of) `type`, or nullptr with the
  // run stopped.
  uint8_t* Access(heap::Ref ref, wasm::TypeId type);
  // The same where the type is just that, as it is mostly; nullptr otherwise, and nothing stopped.
  uint8_t* AccessExact(heap::Ref ref, heap::ObjectKind kind, wasm::TypeId type) {
    if (!heap_.IsLive(ref)) [[unlikely]]
      return nullptr;
    uint8_t* object = heap_.AddressOf(ref);
    const heap::Header& header = heap::Heap::HeaderOf(object);
    const bool is_exact =
        header.type == static_cast<uint32_t>(type) && header.kind == static_cast<uint32_t>(kind);
    return is_exact ? object : nullptr;
  }
  // Whether a reference matches a canonical type that is no function's; a panic stops the run.
  bool Matches(heap::Ref ref, wasm::ValType type);

  // These return false. The heap's panic, or a new one if there is none yet, stops the run.
  bool StopPanic() { return run_.Stop(PanicValue()); }
  bool StopPanic(heap::PanicKind kind, std::string detail);
  // Requires: the heap has a panic.
  machine::Panic PanicValue() const;

 private:
  template <typename Allocate>
  heap::Ref AllocateUnderSchedule(Allocate allocate);
  heap::Ref NewStructUnderSchedule(wasm::TypeId type);
  bool StopTooLarge(uint64_t bytes);
  // At a point of the schedule: collects, unless the last collection's cost is still being made up
  // for.
  bool CollectOnSchedule();
  bool CollectAtSafepoint();

  const wasm::TypeStore& types_;
  heap::Fault fault_;
  uint64_t object_bytes_max_;
  gc::Scheduler scheduler_;
  uint32_t cost_per_point_;
  bool has_minor_;
  gc::RootSource& roots_;
  RunState& run_;
  PooledArena arena_;  // outlives the heap
  heap::Heap heap_;
  std::unique_ptr<gc::Collector> collector_;
  gc::Verifier verifier_;
  uint64_t collection_cost_ = 0;  // of the last one
  uint64_t points_to_pass_ = 0;
  bool in_minor_ = false;
  uint64_t collections_ = 0, frees_ = 0;  // those that freed something
};

}  // namespace slabhound::exec
