#include "gc/generational.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gc/edges.h"

namespace slabhound::gc {

using heap::Active;
using heap::Fault;
using heap::Heap;
using heap::Ref;

void Generational::Allocated(Ref object) {
  const size_t end = heap_.index_end();
  young_.Grow(end);
  is_remembered_.Grow(end);
  ages_.resize(end);
  forwards_.resize(end);
  young_.Insert(Heap::IndexOf(object));
  ages_[Heap::IndexOf(object)] = 0;
  nursery_.push_back(object);
}

uint64_t Generational::Collect(RootSource& roots, Extent extent) {
  extent_ = extent;
  kept_.Reset(heap_.index_end());
  hosts_.Reset(heap_.hosts().index_end());
  is_remembered_.Reset(heap_.index_end());
  reached_.clear();
  words_copied_ = 0;
  const std::vector<Ref> nursery = std::exchange(nursery_, {});
  const std::vector<Ref> remembered = std::exchange(remembered_, {});
  uint64_t cost = roots.VisitRoots(*this);
  if (extent == Extent::Minor)
    reached_.insert(reached_.end(), remembered.begin(), remembered.end());
  for (size_t i = 0; i < reached_.size() && !heap_.panic(); ++i) cost += Follow(reached_[i]);
  cost += words_copied_ + nursery.size();
  if (heap_.panic()) return cost;
  FreeNursery(nursery);
  if (extent == Extent::Minor) return cost;
  heap_.hosts().ForEachLive(hosts_, [this](Ref ref) { heap_.hosts().Free(ref); });
  return cost + heap_.ForEachLive(kept_, [this](Ref ref) { heap_.Free(ref); });
}

void Generational::Visit(Ref& ref) {
  if (ref.is_null() || ref.is_i31()) return;
  if (ref.is_host()) {
    if (heap_.HostNumber(ref)) hosts_.Insert(ref.host_index());
    return;
  }
  if (heap_.Deref(ref) == nullptr || kept_.Contains(Heap::IndexOf(ref))) return;
  if (IsYoung(ref)) {
    const Ref forward = forwards_[Heap::IndexOf(ref)];
    ref = forward.is_null() ? Evacuate(ref) : forward;
  } else if (extent_ == Extent::Full) {
    kept_.Insert(Heap::IndexOf(ref));
    reached_.push_back(ref);
  }
}

Ref Generational::Evacuate(Ref ref) {
  const auto age = static_cast<uint8_t>(ages_[Heap::IndexOf(ref)] + 1);
  Ref copy = heap_.AllocateCopy(ref);  // in the nursery, as all that is new
  if (copy.is_null()) {
    copy = ref;
    nursery_.push_back(ref);
  } else {
    words_copied_ += heap_.ObjectBytes(Heap::HeaderOf(heap_.Deref(copy))) / sizeof(copy);
  }
  const size_t index = Heap::IndexOf(copy);
  if (age < kPromotionAge) {
    ages_[index] = age;
  } else {
    nursery_.pop_back();
    young_.Erase(index);
    if (heap::Injected(heap_.fault(), Fault::PromotionDropsField) && copy != ref) DropLastRef(copy);
  }
  kept_.Grow(heap_.index_end());
  kept_.Insert(index);
  forwards_[Heap::IndexOf(ref)] = copy;
  reached_.push_back(copy);
  return copy;
}

// The fault: the last reference does not come with a promoted object.
void Generational::DropLastRef(Ref copy) {
  Ref* last = nullptr;
  heap_.ForEachRef(heap_.Deref(copy), [&](Ref& field) { last = &field; });
  if (last == nullptr) return;
  if (Active(heap_.fault(), Fault::PromotionDropsField, !last->is_null())) *last = {};
}

uint64_t Generational::Follow(Ref ref) {
  bool holds_young = false;
  const uint64_t followed = ForEachEdge(heap_, heap_.Deref(ref), [&](Ref& field) {
    Visit(field);
    holds_young |= IsYoung(field);
  });
  if (IsYoung(ref)) return followed;
  const bool is_forgotten = Active(heap_.fault(), Fault::RememberedClearedEarly, holds_young);
  if (holds_young && !is_forgotten) Remember(ref);
  return followed;
}

void Generational::FreeNursery(const std::vector<Ref>& nursery) {
  for (const Ref ref : nursery) {
    const size_t index = Heap::IndexOf(ref);
    forwards_[index] = {};
    if (kept_.Contains(index)) continue;  // it stayed
    young_.Erase(index);
    heap_.Free(ref);
  }
}

void Generational::VerifyNursery() {
  heap::SlotSet seen;
  seen.Grow(heap_.index_end());
  size_t young = 0;
  bool good = true;
  for (const Ref ref : nursery_) {
    good &= heap_.IsSound(ref) && IsYoung(ref) && seen.Insert(Heap::IndexOf(ref)) &&
            ages_[Heap::IndexOf(ref)] < kPromotionAge;
  }
  heap_.ForEachLive({}, [&](Ref ref) { young += IsYoung(ref) ? 1 : 0; });
  if (good && young == nursery_.size()) return;
  heap_.RaisePanic(heap::PanicKind::Invariant11,
                   fmt::format("{} young objects, {} in the nursery", young, nursery_.size()));
}

void Generational::Verify(RootSource&) {
  VerifyNursery();
  heap_.ForEachLive(young_, [this](Ref old) {
    heap_.ForEachRef(heap_.Deref(old), [&](Ref field) {
      if (!IsYoung(field) || is_remembered_.Contains(Heap::IndexOf(old))) return;
      heap_.RaisePanic(heap::PanicKind::Invariant10,
                       fmt::format("old 0x{:x} holds young 0x{:x}", old.word(), field.word()));
    });
  });
  if (!std::ranges::all_of(forwards_, &Ref::is_null)) {
    heap_.RaisePanic(heap::PanicKind::Invariant12, "forwarding is left");
  }
}

std::unique_ptr<Collector> MakeGenerational(heap::Heap& heap) {
  return std::make_unique<Generational>(heap);
}

}  // namespace slabhound::gc
