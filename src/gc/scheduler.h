// Scheduler: one run under a schedule (gc/schedule.h): whether a collection is due at a safepoint,
// and how much the next one looks at.
//
// 1. It is asked at each call and loop header (AtSafepoint) and before each allocation
//    (AtAllocation), and says the same in each run that asks the same.
// 2. A schedule that has nothing to say at a place costs the test of a flag there.
#pragma once

#include "base/rng.h"
#include "gc/schedule.h"
#include "heap/heap.h"

namespace slabhound::gc {

class Scheduler {
 public:
  explicit Scheduler(const Schedule& schedule);

  bool may_collect() const { return schedule_.kind != Schedule::Kind::Never; }
  bool AtSafepoint() { return at_safepoints_ && DueAtSafepoint(); }
  bool AtAllocation(const heap::Heap& heap) { return at_allocations_ && DueAtAllocation(heap); }

  // Of the collection that comes now.
  Extent Next();

 private:
  bool DueAtSafepoint();
  bool DueAtAllocation(const heap::Heap& heap);

  Schedule schedule_;
  bool at_safepoints_, at_allocations_;
  Rng rng_;
  uint64_t allocations_ = 0, collections_ = 0;
};

}  // namespace slabhound::gc
