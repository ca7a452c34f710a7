#include "gc/generational.h"

#include <gtest/gtest.h>

#include "gc/fixture.h"

namespace slabhound::gc {

class GenerationalPeer {
 public:
  explicit GenerationalPeer(Generational& collector) : collector_(collector) {}
  bool IsYoung(heap::Ref ref) const { return collector_.IsYoung(ref); }
  size_t remembered_count() const { return collector_.remembered_.size(); }
  void ForgetRemembered() { collector_.is_remembered_.Reset(1u << 16); }
  void LoseFromNursery() { collector_.nursery_.pop_back(); }
  void LeaveForwarding(heap::Ref ref) { collector_.forwards_[heap::Heap::IndexOf(ref)] = ref; }

 private:
  Generational& collector_;
};

namespace {

using heap::Ref;

struct Rig {
  explicit Rig(uint64_t bytes = 1u << 20) : heap(arena, shapes.types, bytes) {}
  Shapes shapes;
  heap::Arena arena{1u << 20};
  heap::Heap heap;
  Generational collector{heap};
  GenerationalPeer peer{collector};
  Roots roots;

  Ref Pair() { return heap.AllocateStruct(shapes.pair); }
  void Store(Ref pair, Ref value) {
    heap.OverwriteRef(pair, heap.Deref(pair) + heap::kHeaderBytes, value);
  }
  Ref Load(Ref pair) { return heap.LoadRef(heap.Deref(pair) + heap::kHeaderBytes); }
  void Verify() {
    heap.Verify();
    collector.Verify(roots);
  }
  void Collect(Extent extent = Extent::Minor) {
    collector.Collect(roots, extent);
    Verify();
    EXPECT_FALSE(heap.panic().has_value()) << heap.panic()->detail;
  }
  // The only root, old.
  Ref OldPair() {
    roots.refs = {Pair()};
    for (int i = 0; i < Generational::kPromotionAge; ++i) Collect();
    return roots.refs[0];
  }
  void ExpectPanic(heap::PanicKind kind) {
    ASSERT_TRUE(heap.panic().has_value());
    EXPECT_EQ(heap.panic()->kind, kind) << heap.panic()->detail;
  }
};

TEST(Generational, PromotesByAgeAndThenMovesNoMore) {
  Rig rig;
  rig.roots.refs = {rig.Pair()};
  for (int age = 1; age <= Generational::kPromotionAge; ++age) {
    EXPECT_TRUE(rig.peer.IsYoung(rig.roots.refs[0]));
    const Ref before = rig.roots.refs[0];
    rig.Collect();
    EXPECT_NE(rig.roots.refs[0], before);
  }
  const Ref old = rig.roots.refs[0];
  EXPECT_FALSE(rig.peer.IsYoung(old));
  rig.Collect(Extent::Full);
  EXPECT_EQ(rig.roots.refs[0], old);
}

TEST(Generational, MinorCollectionsFreeTheNurseryAlone) {
  Rig rig;
  rig.OldPair();
  rig.heap.hosts().Intern(1);
  rig.roots.refs.clear();
  rig.Pair();
  rig.Collect(Extent::Minor);
  EXPECT_EQ(rig.heap.live_count(), 1u);
  EXPECT_EQ(rig.heap.hosts().live_count(), 1u);
  rig.Collect(Extent::Full);
  EXPECT_EQ(rig.heap.live_count(), 0u);
  EXPECT_EQ(rig.heap.hosts().live_count(), 0u);
}

TEST(Generational, RemembersOldObjectsAsLongAsTheyHoldYoungOnes) {
  Rig rig;
  const Ref old = rig.OldPair();
  rig.Store(old, Ref::I31(1));
  EXPECT_EQ(rig.peer.remembered_count(), 0u);
  for (int i = 0; i < 2; ++i) rig.Store(old, rig.Pair());
  EXPECT_EQ(rig.peer.remembered_count(), 1u);
  rig.Collect();
  EXPECT_EQ(rig.heap.live_count(), 2u);
  EXPECT_EQ(rig.peer.remembered_count(), 1u);
  rig.Collect();  // what it holds is old now
  EXPECT_EQ(rig.peer.remembered_count(), 0u);
  EXPECT_TRUE(rig.heap.IsSound(rig.Load(old)));
}

TEST(Generational, WhatBecomesOldBeforeWhatItHoldsIsRemembered) {
  Rig rig;
  rig.roots.refs = {rig.Pair()};
  rig.Collect();
  rig.Store(rig.roots.refs[0], rig.Pair());
  rig.Collect();
  EXPECT_FALSE(rig.peer.IsYoung(rig.roots.refs[0]));
  EXPECT_EQ(rig.peer.remembered_count(), 1u);
  rig.Collect();
  EXPECT_TRUE(rig.heap.IsSound(rig.Load(rig.roots.refs[0])));
}

TEST(Generational, GrowsOlderInItsPlaceWhereThereIsNoRoom) {
  Rig rig(heap::kSlabBytes);
  rig.roots.refs = {rig.heap.AllocateArray(rig.shapes.bytes, heap::kSlabBytes - 100)};
  const Ref array = rig.roots.refs[0];
  for (int i = 0; i < Generational::kPromotionAge; ++i) rig.Collect();
  EXPECT_EQ(rig.roots.refs[0], array);
  EXPECT_FALSE(rig.peer.IsYoung(array));
}

TEST(Generational, Invariant10OldHoldersOfYoungObjectsAreRemembered) {
  Rig rig;
  const Ref old = rig.OldPair();
  rig.Store(old, rig.Pair());
  rig.peer.ForgetRemembered();
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant10);
}

TEST(Generational, Invariant11TheNurseryHasEachYoungObject) {
  Rig rig;
  rig.Pair();
  rig.peer.LoseFromNursery();
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant11);
}

TEST(Generational, Invariant12NoForwardingIsLeft) {
  Rig rig;
  rig.peer.LeaveForwarding(rig.OldPair());
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant12);
}

}  // namespace
}  // namespace slabhound::gc
