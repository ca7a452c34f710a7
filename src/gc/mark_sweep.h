// Stop-the-world mark and sweep over precise roots: objects never move.
//
// 1. Marking uses an explicit stack, so deep object graphs need no native stack.
// 2. Cost is proportional to what is reachable plus the slots in use.
// 3. Marks are sets by index, empty at the start of each collection.
#pragma once

#include <vector>

#include "gc/collector.h"
#include "heap/slot_set.h"

namespace slabhound::gc {

class MarkSweep final : public Collector, private RootVisitor {
 public:
  explicit MarkSweep(heap::Heap& heap) : heap_(heap) {}
  uint64_t Collect(RootSource& roots, Extent extent) override;
  void Verify(RootSource&) override {}  // nothing is kept between collections

 private:
  void Visit(heap::Ref& root) override { Mark(root); }
  void Mark(heap::Ref ref);
  uint64_t Drain();  // how many references it followed
  uint64_t Sweep();  // how many slots it looked at

  heap::Heap& heap_;
  heap::SlotSet marked_, marked_hosts_;
  std::vector<uint8_t*> pending_;  // marked, fields not yet followed
};

}  // namespace slabhound::gc
