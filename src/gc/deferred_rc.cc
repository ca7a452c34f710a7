#include "gc/deferred_rc.h"

#include <fmt/format.h>

#include <utility>

#include "gc/edges.h"

namespace slabhound::gc {

using heap::Active;
using heap::Fault;
using heap::Heap;
using heap::Ref;

void DeferredRc::Allocated(Ref object) {
  const size_t end = heap_.index_end();
  counts_.resize(end);
  listed_.Grow(end);
  is_waiting_.Grow(end);
  CountOf(object) = 0;
  Enlist(object);
}

void DeferredRc::Enlist(Ref object) {
  if (!listed_.Insert(Heap::IndexOf(object))) return;
  ++CountOf(object);
  list_.push_back(object);
}

uint32_t& DeferredRc::CountOf(Ref value) {
  if (!value.is_host()) return counts_[Heap::IndexOf(value)];
  if (value.host_index() >= host_counts_.size()) host_counts_.resize(heap_.hosts().index_end());
  return host_counts_[value.host_index()];
}

void DeferredRc::Retain(Ref value) {
  if (value.is_null() || value.is_i31() || !heap_.IsSound(value)) return;
  ++CountOf(value);
}

void DeferredRc::Release(Ref value) {
  if (heap::Injected(heap_.fault(), Fault::DrcDecI31) && value.is_i31()) return ReleaseI31(value);
  if (value.is_null() || value.is_i31() || !heap_.IsSound(value)) return;
  uint32_t& count = CountOf(value);
  if (count == 0) {
    if (heap_.is_unchecked()) return;
    heap_.RaisePanic(heap::PanicKind::Invariant8,
                     fmt::format("0x{:x} is let go more often than it is held", value.word()));
    return;
  }
  if (--count == 0 && value.is_object() && is_waiting_.Insert(Heap::IndexOf(value))) {
    waiting_.push_back(value);
  }
}

// The fault: the number names a slot, whose object is let go.
void DeferredRc::ReleaseI31(Ref value) {
  Ref named;
  heap_.ForEachLive({}, [&](Ref ref) {
    if (Heap::IndexOf(ref) == Heap::IndexOf(value)) named = ref;
  });
  if (Active(heap_.fault(), Fault::DrcDecI31, !named.is_null())) Release(named);
}

uint64_t DeferredRc::Collect(RootSource& roots, Extent extent) {
  held_.Reset(heap_.index_end());
  held_hosts_.Reset(heap_.hosts().index_end());
  pending_.clear();
  uint64_t cost = roots.VisitRoots(*this);
  if (heap_.panic()) return cost;
  cost += SweepList();
  cost += FreeWaiting();
  if (extent == Extent::Full && !heap_.panic()) cost += FreeCycles();
  if (heap_.panic()) return cost;
  heap_.hosts().ForEachLive(held_hosts_, [this](Ref ref) {
    if (CountOf(ref) == 0) heap_.hosts().Free(ref);
  });
  return cost;
}

void DeferredRc::Visit(Ref& root) {
  if (root.is_null() || root.is_i31()) return;
  if (root.is_host()) {
    if (heap_.HostNumber(root)) held_hosts_.Insert(root.host_index());
    return;
  }
  if (heap_.Deref(root) != nullptr && held_.Insert(Heap::IndexOf(root))) pending_.push_back(root);
}

uint64_t DeferredRc::SweepList() {
  std::vector<Ref> kept;
  for (const Ref ref : list_) {
    if (held_.Contains(Heap::IndexOf(ref))) {
      kept.push_back(ref);
      continue;
    }
    listed_.Erase(Heap::IndexOf(ref));
    Release(ref);
  }
  return std::exchange(list_, std::move(kept)).size();
}

uint64_t DeferredRc::FreeWaiting() {
  uint64_t followed = 0;
  while (!waiting_.empty() && !heap_.panic()) {
    const Ref ref = waiting_.back();
    waiting_.pop_back();
    is_waiting_.Erase(Heap::IndexOf(ref));
    if (CountOf(ref) != 0) continue;  // held again since
    uint8_t* object = heap_.Deref(ref);
    if (object == nullptr) break;
    followed += ForEachEdge(heap_, object, [this](Ref field) {
      if (field.is_host()) {
        heap_.HostNumber(field);
      } else if (field.is_object()) {
        heap_.Deref(field);
      }
      const bool is_counted = field.is_host() || field.is_object();
      if (!Active(heap_.fault(), Fault::DrcShallowFree, is_counted)) Release(field);
    });
    if (!heap_.panic()) heap_.Free(ref);
  }
  return followed;
}

void DeferredRc::Mark(Ref ref) {
  if (ref.is_host()) heap_.HostNumber(ref);
  if (!ref.is_object()) return;
  if (heap_.Deref(ref) != nullptr && marked_.Insert(Heap::IndexOf(ref))) pending_.push_back(ref);
}

uint64_t DeferredRc::FreeCycles() {
  marked_ = held_;
  uint64_t cost = 0;
  while (!pending_.empty() && !heap_.panic()) {
    uint8_t* object = heap_.Deref(pending_.back());
    pending_.pop_back();
    if (object == nullptr) break;  // a wrong count let go what a root holds
    cost += ForEachEdge(heap_, object, [this](Ref field) { Mark(field); });
  }
  if (heap_.panic()) return cost;
  return cost + heap_.ForEachLive(marked_, [this](Ref ref) {
    ForEachEdge(heap_, heap_.Deref(ref), [this](Ref field) {
      // What goes with it needs no count.
      if (field.is_host() || marked_.Contains(Heap::IndexOf(field))) Release(field);
    });
    heap_.Free(ref);
  });
}

void DeferredRc::VerifyCounts() {
  std::vector<uint32_t> degrees(heap_.index_end()), host_degrees(heap_.hosts().index_end());
  for (const Ref ref : list_) ++degrees[Heap::IndexOf(ref)];
  heap_.ForEachLive({}, [&](Ref ref) {
    heap_.ForEachRef(heap_.Deref(ref), [&](Ref field) {
      if (field.is_host()) ++host_degrees[field.host_index()];
      if (field.is_object()) ++degrees[Heap::IndexOf(field)];
    });
  });
  const auto check = [this](Ref ref, uint32_t degree) {
    const bool waits = ref.is_host() || degree != 0 || is_waiting_.Contains(Heap::IndexOf(ref));
    if (CountOf(ref) == degree && waits) return;
    heap_.RaisePanic(heap::PanicKind::Invariant8,
                     fmt::format("0x{:x} has count {}, and {} hold it{}", ref.word(), CountOf(ref),
                                 degree, waits ? "" : "; it does not wait"));
  };
  heap_.ForEachLive({}, [&](Ref ref) { check(ref, degrees[Heap::IndexOf(ref)]); });
  heap_.hosts().ForEachLive({}, [&](Ref ref) { check(ref, host_degrees[ref.host_index()]); });
}

void DeferredRc::Verify(RootSource& roots) {
  struct Listed final : RootVisitor {
    explicit Listed(DeferredRc& of) : collector(of) {}
    void Visit(Ref& root) override {
      if (!root.is_object() || collector.listed_.Contains(Heap::IndexOf(root))) return;
      collector.heap_.RaisePanic(heap::PanicKind::Invariant9,
                                 fmt::format("root 0x{:x} is not on the list", root.word()));
    }
    DeferredRc& collector;
  };
  VerifyCounts();
  if (heap_.panic()) return;
  Listed listed(*this);
  roots.VisitRoots(listed);
}

std::unique_ptr<Collector> MakeDeferredRc(heap::Heap& heap) {
  return std::make_unique<DeferredRc>(heap);
}

}  // namespace slabhound::gc
