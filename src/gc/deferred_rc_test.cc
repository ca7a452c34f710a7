#include "gc/deferred_rc.h"

#include <gtest/gtest.h>

#include "gc/fixture.h"

namespace slabhound::gc {

class DeferredRcPeer {
 public:
  explicit DeferredRcPeer(DeferredRc& collector) : collector_(collector) {}
  uint32_t& Count(heap::Ref ref) { return collector_.CountOf(ref); }
  bool IsListed(heap::Ref ref) const {
    return collector_.listed_.Contains(heap::Heap::IndexOf(ref));
  }
  // As if nobody had ever put it there.
  void Unlist(heap::Ref ref) {
    std::erase(collector_.list_, ref);
    collector_.listed_.Erase(heap::Heap::IndexOf(ref));
    --Count(ref);
  }
  void StopWaiting() { collector_.waiting_.clear(), collector_.is_waiting_.Reset(1u << 16); }

 private:
  DeferredRc& collector_;
};

namespace {

using heap::Ref;

struct Rig {
  Shapes shapes;
  heap::Arena arena{1u << 20};
  heap::Heap heap{arena, shapes.types, 1u << 20};
  DeferredRc collector{heap};
  DeferredRcPeer peer{collector};
  Roots roots;

  uint8_t* Field(Ref pair, uint32_t index) {
    return heap.Deref(pair) + heap::kHeaderBytes + size_t{index} * sizeof(Ref);
  }
  Ref Pair(Ref first = {}) {
    const Ref pair = heap.AllocateStruct(shapes.pair);
    heap.InitializeRef(pair, Field(pair, 0), first);
    return pair;
  }
  void Collect(Extent extent = Extent::Minor) {
    collector.Collect(roots, extent);
    Verify();
    EXPECT_FALSE(heap.panic().has_value()) << heap.panic()->detail;
  }
  void Verify() {
    heap.Verify();
    collector.Verify(roots);
  }
  void ExpectPanic(heap::PanicKind kind) {
    ASSERT_TRUE(heap.panic().has_value());
    EXPECT_EQ(heap.panic()->kind, kind) << heap.panic()->detail;
  }
};

TEST(DeferredRc, AWrongCountThatLetsARootsObjectGoIsAPanic) {
  Rig rig;
  const Ref held = rig.Pair(), holder = rig.Pair(held);
  rig.roots.refs = {holder, held};
  --rig.peer.Count(held);
  rig.heap.OverwriteRef(holder, rig.Field(holder, 0), {});
  rig.collector.Collect(rig.roots, Extent::Full);
  rig.ExpectPanic(heap::PanicKind::StaleId);
}

TEST(DeferredRc, CountsFieldsAndTheList) {
  Rig rig;
  const Ref held = rig.Pair(), holder = rig.Pair(held);
  EXPECT_EQ(rig.peer.Count(held), 2u);
  rig.roots.refs = {holder};
  rig.Collect();
  EXPECT_FALSE(rig.peer.IsListed(held));
  EXPECT_EQ(rig.peer.Count(held), 1u);
  EXPECT_TRUE(rig.peer.IsListed(holder));
  for (int i = 0; i < 2; ++i) rig.heap.LoadRef(rig.Field(holder, 0));
  EXPECT_EQ(rig.peer.Count(held), 2u);
}

TEST(DeferredRc, AFullCollectionFreesWhatOnlyACycleHolds) {
  Rig rig;
  const Ref survivor = rig.Pair(rig.heap.hosts().Intern(1)), first = rig.Pair();
  const Ref second = rig.Pair(first);
  rig.heap.OverwriteRef(first, rig.Field(first, 0), second);
  rig.heap.OverwriteRef(first, rig.Field(first, 1), survivor);
  rig.heap.OverwriteRef(second, rig.Field(second, 1), rig.heap.hosts().Intern(2));
  rig.roots.refs = {survivor};
  rig.Collect(Extent::Minor);
  EXPECT_EQ(rig.heap.live_count(), 3u);
  rig.Collect(Extent::Full);
  EXPECT_EQ(rig.heap.live_count(), 1u);
  EXPECT_EQ(rig.heap.hosts().live_count(), 1u);
}

TEST(DeferredRc, ABrokenFieldOfWhatFallsIsAPanic) {
  Rig rig;
  const Ref lost = rig.Pair();
  rig.Collect();
  rig.Pair(lost);
  rig.collector.Collect(rig.roots, Extent::Minor);
  rig.ExpectPanic(heap::PanicKind::StaleId);
}

TEST(DeferredRc, Invariant8CountsAreWhatHolds) {
  Rig rig;
  rig.roots.refs = {rig.Pair()};
  ++rig.peer.Count(rig.roots.refs[0]);
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant8);
}

TEST(DeferredRc, Invariant8CountsOfHostObjectsToo) {
  Rig rig;
  const Ref host = rig.heap.hosts().Intern(1);
  rig.roots.refs = {rig.Pair(host)};
  --rig.peer.Count(host);
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant8);
}

TEST(DeferredRc, Invariant8NothingFallsBelowZero) {
  Rig rig;
  const Ref held = rig.Pair(), holder = rig.Pair(held);
  rig.peer.Count(held) = 0;
  rig.heap.OverwriteRef(holder, rig.Field(holder, 0), Ref());
  rig.ExpectPanic(heap::PanicKind::Invariant8);
}

TEST(DeferredRc, Invariant8WhatNothingHoldsWaits) {
  Rig rig;
  const Ref held = rig.Pair(), holder = rig.Pair(held);
  rig.roots.refs = {holder};
  rig.Collect();
  rig.heap.OverwriteRef(holder, rig.Field(holder, 0), Ref());
  rig.Verify();
  ASSERT_FALSE(rig.heap.panic().has_value());
  rig.peer.StopWaiting();
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant8);
}

TEST(DeferredRc, Invariant9RootsAreOnTheList) {
  Rig rig;
  rig.roots.refs = {rig.Pair()};
  rig.Pair(rig.roots.refs[0]);
  rig.peer.Unlist(rig.roots.refs[0]);
  rig.Verify();
  rig.ExpectPanic(heap::PanicKind::Invariant9);
}

}  // namespace
}  // namespace slabhound::gc
