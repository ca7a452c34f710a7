#include "gc/mark_sweep.h"

#include "gc/edges.h"

namespace slabhound::gc {

uint64_t MarkSweep::Collect(RootSource& roots, Extent) {
  marked_.Reset(heap_.index_end());
  marked_hosts_.Reset(heap_.hosts().index_end());
  pending_.clear();
  const uint64_t cost = roots.VisitRoots(*this) + Drain();
  return heap_.panic() ? cost : cost + Sweep();
}

void MarkSweep::Mark(heap::Ref ref) {
  if (ref.is_null() || ref.is_i31()) return;
  if (ref.is_host()) {
    if (heap_.HostNumber(ref)) marked_hosts_.Insert(ref.host_index());
    return;
  }
  uint8_t* object = heap_.Deref(ref);
  if (object != nullptr && marked_.Insert(heap::Heap::IndexOf(ref))) pending_.push_back(object);
}

uint64_t MarkSweep::Drain() {
  uint64_t followed = 0;
  while (!pending_.empty() && !heap_.panic()) {
    uint8_t* object = pending_.back();
    pending_.pop_back();
    followed += ForEachEdge(heap_, object, [this](heap::Ref ref) { Mark(ref); });
  }
  return followed;
}

uint64_t MarkSweep::Sweep() {
  const uint64_t slots = heap_.FreeAllBut(marked_);
  heap_.hosts().ForEachLive(marked_hosts_, [this](heap::Ref ref) { heap_.hosts().Free(ref); });
  return slots;
}

std::unique_ptr<Collector> MakeMarkSweep(heap::Heap& heap) {
  return std::make_unique<MarkSweep>(heap);
}

}  // namespace slabhound::gc
