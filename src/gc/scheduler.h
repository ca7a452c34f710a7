// Scheduler: one run under a schedule (gc/schedule.h): whether a collection is due at a safepoint,
// and how much the next one looks at.
//
// 1. It is asked at each call and loop header (AtSafepoint) and before each allocation
//    (AtAllocation), and says the same in each run that asks the same.
// 2. A schedule that has nothing to say at a place costs the test of a flag there, of safepoints
//    where the caller asks has_safepoints first.
#pragma once

#include "base/rng.h"
#include "gc/schedule.h"
#include "heap/heap.h"

namespace slabhound::gc {

class Scheduler {
 public:
  explicit Scheduler(const Schedule& schedule);

  bool may_collect() const { return schedule_.kind != Schedule::Kind::Never; }
  bool has_safepoints() const { return has_safepoints_; }
  bool has_allocations() const { return has_allocations_; }  // something to say before them
  bool AtSafepoint();
  bool AtAllocation(const heap::Heap& heap) {
    if (!has_allocations_) return false;
    if (schedule_.kind == Schedule::Kind::EveryNth) return ++allocations_ % schedule_.n == 0;
    return DueAtAllocation(heap);
  }

  // Of the collection that comes now.
  Extent Next();

 private:
  bool DueAtAllocation(const heap::Heap& heap);

  Schedule schedule_;
  bool has_safepoints_, has_allocations_;
  Rng rng_;
  uint64_t allocations_ = 0, collections_ = 0;
};

}  // namespace slabhound::gc
