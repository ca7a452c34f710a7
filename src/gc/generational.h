// Generational: a copying nursery, an old space under mark and sweep, and a remembered set.
//
// 1. An object is young until it has lived through kPromotionAge collections. Young and old are
//    sets of slots: what makes a move show is the id, which is another one.
// 2. The write barrier remembers each old object that gets a young one. A minor collection follows
//    roots and what is remembered, and the old space no further; it frees young objects alone.
// 3. A full collection follows everything, and frees old and host objects too.
// 4. What is reached in the nursery moves: to the nursery again, or to the old space. Where there
//    is no room for a copy it stays in its slot, and grows older all the same.
// 5. Each collection makes the remembered set anew from the objects that it followed.
#pragma once

#include <vector>

#include "gc/collector.h"
#include "heap/slot_set.h"

namespace slabhound::gc {

class Generational final : public Collector, private RootVisitor, private heap::Barriers {
 public:
  static constexpr uint8_t kPromotionAge = 2;

  explicit Generational(heap::Heap& heap) : heap_(heap) { heap.set_barriers(this); }
  uint64_t Collect(RootSource& roots, Extent extent) override;
  void Verify(RootSource& roots) override;

 private:
  friend class GenerationalPeer;  // tests that look at generations, and break an invariant

  void Allocated(heap::Ref object) override;
  void Initializing(heap::Ref object, heap::Ref value) override {
    if (IsYoung(value) && !IsYoung(object)) Remember(object);
  }
  void Overwriting(heap::Ref object, heap::Ref, heap::Ref value) override {
    Initializing(object, value);
  }
  void Loaded(heap::Ref) override {}

  bool IsYoung(heap::Ref ref) const {
    return ref.is_object() && young_.Contains(heap::Heap::IndexOf(ref));
  }
  void Remember(heap::Ref object) {
    if (is_remembered_.Insert(heap::Heap::IndexOf(object))) remembered_.push_back(object);
  }

  void Visit(heap::Ref& ref) override;
  heap::Ref Evacuate(heap::Ref ref);
  void DropLastRef(heap::Ref copy);
  uint64_t Follow(heap::Ref ref);  // how many references it followed
  void FreeNursery(const std::vector<heap::Ref>& nursery);

  void VerifyNursery();

  heap::Heap& heap_;
  heap::SlotSet young_;
  std::vector<heap::Ref> nursery_;     // young objects in the order in which they came
  std::vector<uint8_t> ages_;          // of young objects, by index
  std::vector<heap::Ref> remembered_;  // old objects that may hold young ones
  heap::SlotSet is_remembered_;

  Extent extent_ = Extent::Full;     // of this collection
  std::vector<heap::Ref> forwards_;  // by index of the old slot
  std::vector<heap::Ref> reached_;   // in their new places; fields are followed in this order
  heap::SlotSet kept_, hosts_;       // what was reached; of old objects in full collections only
  uint64_t words_copied_ = 0;
};

}  // namespace slabhound::gc
