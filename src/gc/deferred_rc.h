// Deferred reference counting: counts of what fields hold, a list for what the stack may hold, and
// at times a trace for cycles.
//
// 1. A count says how many fields hold an object, and one more where the object is on the list of
//    over-approximated roots. Write and initialization barriers keep it; host objects have counts
//    too, of fields alone.
// 2. On that list is what was allocated, or came out of a field (the read barrier), since it was
//    last found to be no root. So an object that only a frame holds has a count.
// 3. An object whose count falls to 0 waits: barriers free nothing. A collection takes off the list
//    what is no root any more, then frees what waits, and whatever that drops, by a worklist. It
//    does not ask again whether that is a root: a count that is wrong shows.
// 4. A full collection traces from the roots then, and frees what only cycles held.
#pragma once

#include <vector>

#include "gc/collector.h"
#include "heap/slot_set.h"

namespace slabhound::gc {

class DeferredRc final : public Collector, private RootVisitor, private heap::Barriers {
 public:
  explicit DeferredRc(heap::Heap& heap) : heap_(heap) { heap.set_barriers(this); }
  uint64_t Collect(RootSource& roots, Extent extent) override;
  void Verify(RootSource& roots) override;

 private:
  friend class DeferredRcPeer;  // tests that break an invariant on purpose

  void Allocated(heap::Ref object) override;
  void Initializing(heap::Ref, heap::Ref value) override { Retain(value); }
  void Overwriting(heap::Ref, heap::Ref old, heap::Ref value) override {
    Retain(value);
    Release(old);
  }
  void Loaded(heap::Ref value) override {
    if (value.is_object() && heap_.IsSound(value)) Enlist(value);
  }

  void Visit(heap::Ref& root) override;
  void Enlist(heap::Ref object);
  // What a broken reference names has no count: the heap tells when the reference is followed.
  void Retain(heap::Ref value);
  void Release(heap::Ref value);
  void ReleaseI31(heap::Ref value);
  uint32_t& CountOf(heap::Ref value);

  uint64_t SweepList();    // how many entries it looked at
  uint64_t FreeWaiting();  // how many references it followed
  uint64_t FreeCycles();   // both
  void Mark(heap::Ref ref);

  void VerifyCounts();

  heap::Heap& heap_;
  std::vector<uint32_t> counts_, host_counts_;  // by index
  std::vector<heap::Ref> list_;                 // over-approximated roots
  std::vector<heap::Ref> waiting_;              // their count fell to 0
  heap::SlotSet listed_, is_waiting_;           // the same as sets
  heap::SlotSet held_, held_hosts_;             // by roots, in this collection
  heap::SlotSet marked_;
  std::vector<heap::Ref> pending_;  // held or marked, fields not yet followed
};

}  // namespace slabhound::gc
