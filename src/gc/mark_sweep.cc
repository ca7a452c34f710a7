#include "gc/mark_sweep.h"

namespace slabhound::gc {

void MarkSweep::Collect(heap::Heap& heap, RootSource& roots) {
  heap_ = &heap;
  pending_.clear();
  roots.VisitRoots(*this);
  Drain();
  if (!heap.panic()) heap.Sweep();
}

void MarkSweep::Visit(heap::Ref& root) {
  if (!heap_->panic() && heap_->Mark(root)) pending_.push_back(root);
}

void MarkSweep::Drain() {
  while (!pending_.empty() && !heap_->panic()) {
    uint8_t* object = heap_->Deref(pending_.back());
    pending_.pop_back();
    heap_->ForEachRef(object, [this](heap::Ref ref) {
      if (!heap_->panic() && heap_->Mark(ref)) pending_.push_back(ref);
    });
  }
}

}  // namespace slabhound::gc
