#include "gc/copying.h"

#include <algorithm>

namespace slabhound::gc {

uint64_t Copying::Collect(RootSource& roots, Extent) {
  forwards_.resize(heap_.index_end());
  to_space_.Reset(heap_.index_end());
  hosts_.Reset(heap_.hosts().index_end());
  reached_.clear();
  words_copied_ = 0;
  uint64_t cost = roots.VisitRoots(*this);
  for (size_t i = 0; i < reached_.size() && !heap_.panic(); ++i) {
    cost += heap_.ForEachRef(heap_.Deref(reached_[i]), [this](heap::Ref& field) { Visit(field); });
  }
  cost += words_copied_;
  return heap_.panic() ? cost : cost + FreeFromSpace();
}

void Copying::Visit(heap::Ref& ref) {
  if (ref.is_null() || ref.is_i31()) return;
  if (ref.is_host()) {
    if (heap_.HostNumber(ref)) hosts_.Insert(ref.host_index());
    return;
  }
  if (heap_.Deref(ref) == nullptr || to_space_.Contains(heap::Heap::IndexOf(ref))) return;
  const heap::Ref forward = forwards_[heap::Heap::IndexOf(ref)];
  ref = forward.is_null() ? Evacuate(ref) : forward;
}

heap::Ref Copying::Evacuate(heap::Ref ref) {
  heap::Ref copy = heap_.AllocateCopy(ref);
  if (copy.is_null()) {
    copy = ref;
  } else {
    words_copied_ += heap_.ObjectBytes(heap::Heap::HeaderOf(heap_.Deref(copy))) / sizeof(copy);
  }
  to_space_.Grow(heap_.index_end());
  to_space_.Insert(heap::Heap::IndexOf(copy));
  forwards_[heap::Heap::IndexOf(ref)] = copy;
  reached_.push_back(copy);
  return copy;
}

uint64_t Copying::FreeFromSpace() {
  forwards_.resize(heap_.index_end());
  for (const heap::Ref ref : reached_) forwards_[heap::Heap::IndexOf(ref)] = {};  // what stayed
  heap_.hosts().ForEachLive(hosts_, [this](heap::Ref ref) { heap_.hosts().Free(ref); });
  return heap_.ForEachLive(to_space_, [this](heap::Ref ref) {
    forwards_[heap::Heap::IndexOf(ref)] = {};
    heap_.Free(ref);
  });
}

void Copying::Verify(RootSource&) {
  if (!std::ranges::all_of(forwards_, &heap::Ref::is_null)) {
    heap_.RaisePanic(heap::PanicKind::Invariant12, "forwarding is left");
  }
}

}  // namespace slabhound::gc
