// Semi-space copying: what is reached moves to other slots, breadth first, and all else is freed.
//
// 1. The two spaces are sets of slots, not ranges: an object's new slot may lie beside its old one.
//    What makes the move show is the id, which is another one.
// 2. A copied object's new Ref stands in a table of forwarding until the collection ends; then the
//    table is empty again.
// 3. Where there is no room for a copy the object stays, and is its own forwarding.
#pragma once

#include <vector>

#include "gc/collector.h"
#include "heap/slot_set.h"

namespace slabhound::gc {

class Copying final : public Collector, private RootVisitor {
 public:
  explicit Copying(heap::Heap& heap) : heap_(heap) {}
  uint64_t Collect(RootSource& roots, Extent extent) override;
  void Verify(RootSource& roots) override;

 private:
  friend class CopyingPeer;  // tests that break an invariant on purpose

  void Visit(heap::Ref& ref) override;
  heap::Ref Evacuate(heap::Ref ref);
  bool IsForwardLost(heap::Ref forward, heap::Ref ref);
  uint64_t FreeFromSpace();  // how many slots it looked at

  heap::Heap& heap_;
  std::vector<heap::Ref> forwards_;  // by index of the old slot
  std::vector<heap::Ref> reached_;   // in to-space; fields are followed in this order
  heap::SlotSet to_space_, hosts_;
  uint64_t words_copied_ = 0;
  // What the faults remember of this collection.
  bool follows_array_ = false, is_abandoned_ = false;
};

}  // namespace slabhound::gc
