#include "gc/copying.h"

#include <gtest/gtest.h>

#include "gc/fixture.h"

namespace slabhound::gc {

class CopyingPeer {
 public:
  explicit CopyingPeer(Copying& collector) : collector_(collector) {}
  void LeaveForwarding(heap::Ref ref) { collector_.forwards_[heap::Heap::IndexOf(ref)] = ref; }

 private:
  Copying& collector_;
};

namespace {

using heap::Ref;

struct Rig {
  explicit Rig(uint64_t bytes = 1u << 20) : heap(arena, shapes.types, bytes) {}
  Shapes shapes;
  heap::Arena arena{1u << 20};
  heap::Heap heap;
  Copying collector{heap};
  Roots roots;
};

TEST(Copying, MovesWhatIsReachedAndItsOldIdIsStale) {
  Rig rig;
  const Ref before = rig.heap.AllocateStruct(rig.shapes.pair);
  rig.roots.refs = {before, before};
  rig.collector.Collect(rig.roots, Extent::Full);
  EXPECT_NE(rig.roots.refs[0], before);
  EXPECT_EQ(rig.roots.refs[0], rig.roots.refs[1]);
  EXPECT_TRUE(rig.heap.IsSound(rig.roots.refs[0]));
  EXPECT_FALSE(rig.heap.IsSound(before));
}

TEST(Copying, LeavesWhereItIsWhatHasNoRoom) {
  // Two of these arrays fill the heap.
  Rig rig(4 * heap::kSlabBytes);
  const uint32_t length = 3 * heap::kSlabBytes / 2;
  rig.roots.refs = {rig.heap.AllocateArray(rig.shapes.bytes, length),
                    rig.heap.AllocateArray(rig.shapes.bytes, length)};
  const std::vector<Ref> before = rig.roots.refs;
  rig.collector.Collect(rig.roots, Extent::Full);
  EXPECT_EQ(rig.roots.refs, before);
  rig.roots.refs.pop_back();
  for (int i = 0; i < 2; ++i) rig.collector.Collect(rig.roots, Extent::Full);
  EXPECT_NE(rig.roots.refs[0], before[0]);
  EXPECT_EQ(rig.heap.live_count(), 1u);
}

TEST(Copying, CostsWhatItFollowsCopiesAndTheSlotsInUse) {
  // Two roots; the pair's two fields; three words copied; four slots, with that of the copy.
  Rig rig;
  rig.roots.refs = {rig.heap.AllocateStruct(rig.shapes.pair), Ref()};
  for (int i = 0; i < 2; ++i) rig.heap.AllocateStruct(rig.shapes.pair);
  EXPECT_EQ(rig.collector.Collect(rig.roots, Extent::Full), 2u + 2u + 3u + 4u);
}

TEST(Copying, Invariant12NoForwardingIsLeft) {
  Rig rig;
  rig.roots.refs = {rig.heap.AllocateStruct(rig.shapes.pair)};
  rig.collector.Collect(rig.roots, Extent::Full);
  rig.collector.Verify(rig.roots);
  ASSERT_FALSE(rig.heap.panic().has_value());
  CopyingPeer(rig.collector).LeaveForwarding(rig.roots.refs[0]);
  rig.collector.Verify(rig.roots);
  ASSERT_TRUE(rig.heap.panic().has_value());
  EXPECT_EQ(rig.heap.panic()->kind, heap::PanicKind::Invariant12);
}

}  // namespace
}  // namespace slabhound::gc
