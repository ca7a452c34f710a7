#include "gc/mark_sweep.h"

namespace slabhound::gc {

uint64_t MarkSweep::Collect(heap::Heap& heap, RootSource& roots) {
  heap_ = &heap;
  pending_.clear();
  const uint64_t cost = roots.VisitRoots(*this) + Drain();
  return heap.panic() ? cost : cost + heap.Sweep();
}

void MarkSweep::Visit(heap::Ref& root) {
  if (uint8_t* object = heap_->Mark(root)) pending_.push_back(object);
}

uint64_t MarkSweep::Drain() {
  uint64_t followed = 0;
  while (!pending_.empty() && !heap_->panic()) {
    uint8_t* object = pending_.back();
    pending_.pop_back();
    followed += heap_->ForEachRef(object, [this](heap::Ref ref) {
      if (uint8_t* found = heap_->Mark(ref)) pending_.push_back(found);
    });
  }
  return followed;
}

}  // namespace slabhound::gc
