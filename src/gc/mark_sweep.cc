#include "gc/mark_sweep.h"

namespace slabhound::gc {

uint64_t MarkSweep::Collect(heap::Heap& heap, RootSource& roots) {
  heap_ = &heap;
  pending_.clear();
  followed_ = 0;
  roots.VisitRoots(*this);
  Drain();
  return heap.panic() ? followed_ : followed_ + heap.Sweep();
}

void MarkSweep::Visit(heap::Ref& root) {
  ++followed_;
  if (!heap_->panic() && heap_->Mark(root)) pending_.push_back(root);
}

void MarkSweep::Drain() {
  while (!pending_.empty() && !heap_->panic()) {
    uint8_t* object = heap_->Deref(pending_.back());
    pending_.pop_back();
    heap_->ForEachRef(object, [this](heap::Ref ref) {
      ++followed_;
      if (!heap_->panic() && heap_->Mark(ref)) pending_.push_back(ref);
    });
  }
}

}  // namespace slabhound::gc
