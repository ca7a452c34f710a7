#include "gc/copying.h"

#include <algorithm>

#include "gc/edges.h"

namespace slabhound::gc {

using heap::Active;
using heap::Fault;
using heap::Injected;

namespace {

bool IsArray(uint8_t* object) {
  const auto kind = static_cast<heap::ObjectKind>(heap::Heap::HeaderOf(object).kind);
  return kind == heap::ObjectKind::Array;
}

}  // namespace

uint64_t Copying::Collect(RootSource& roots, Extent) {
  forwards_.resize(heap_.index_end());
  to_space_.Reset(heap_.index_end());
  hosts_.Reset(heap_.hosts().index_end());
  reached_.clear();
  words_copied_ = 0;
  follows_array_ = is_abandoned_ = false;
  uint64_t cost = roots.VisitRoots(*this);
  for (size_t i = 0; i < reached_.size() && !heap_.panic(); ++i) {
    uint8_t* object = heap_.Deref(reached_[i]);
    if (Injected(heap_.fault(), Fault::CopyFwdTagLost)) follows_array_ = IsArray(object);
    cost += ForEachEdge(heap_, object, [this](heap::Ref& field) { Visit(field); });
  }
  cost += words_copied_;
  return heap_.panic() ? cost : cost + FreeFromSpace();
}

void Copying::Visit(heap::Ref& ref) {
  if (ref.is_null() || ref.is_i31()) return;
  if (Injected(heap_.fault(), Fault::CopyAbortHalfFlip) && is_abandoned_) return;
  if (ref.is_host()) {
    if (heap_.HostNumber(ref)) hosts_.Insert(ref.host_index());
    return;
  }
  if (heap_.Deref(ref) == nullptr || to_space_.Contains(heap::Heap::IndexOf(ref))) return;
  const heap::Ref forward = forwards_[heap::Heap::IndexOf(ref)];
  ref = forward.is_null() || IsForwardLost(forward, ref) ? Evacuate(ref) : forward;
}

// The fault: an element of an array is copied again. Those that are arrays are spared, so that no
// cycle is copied without end.
bool Copying::IsForwardLost(heap::Ref forward, heap::Ref ref) {
  if (!Injected(heap_.fault(), Fault::CopyFwdTagLost) || !follows_array_) return false;
  const bool is_array = IsArray(heap_.Deref(ref));
  return Active(heap_.fault(), Fault::CopyFwdTagLost, !is_array && forward != ref);
}

heap::Ref Copying::Evacuate(heap::Ref ref) {
  heap::Ref copy = heap_.AllocateCopy(ref);
  if (copy.is_null()) {
    if (Active(heap_.fault(), Fault::CopyAbortHalfFlip, words_copied_ != 0)) {
      is_abandoned_ = true;
      return ref;
    }
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
  if (Injected(heap_.fault(), Fault::CopyAbortHalfFlip) && is_abandoned_) {
    std::ranges::fill(forwards_, heap::Ref());
    return 0;
  }
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

std::unique_ptr<Collector> MakeCopying(heap::Heap& heap) { return std::make_unique<Copying>(heap); }

}  // namespace slabhound::gc
