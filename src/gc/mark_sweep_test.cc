#include "gc/mark_sweep.h"

#include <gtest/gtest.h>

#include "gc/fixture.h"

namespace slabhound::gc {
namespace {

using heap::Ref;

struct Rig {
  Shapes shapes;
  heap::Arena arena{4u << 20};
  heap::Heap heap{arena, shapes.types, 4u << 20};
  MarkSweep collector{heap};
  Roots roots;
};

TEST(MarkSweep, MovesNothing) {
  Rig rig;
  rig.roots.refs = {rig.heap.AllocateStruct(rig.shapes.pair),
                    rig.heap.AllocateArray(rig.shapes.bytes, 100'000)};
  const std::vector<Ref> before = rig.roots.refs;
  rig.collector.Collect(rig.roots, Extent::Full);
  EXPECT_EQ(rig.roots.refs, before);
}

TEST(MarkSweep, FreesHostObjectsThatNothingHolds) {
  Rig rig;
  const Ref kept = rig.heap.hosts().Intern(1), lost = rig.heap.hosts().Intern(2);
  rig.roots.refs = {kept};
  rig.collector.Collect(rig.roots, Extent::Full);
  EXPECT_EQ(rig.heap.hosts().Find(kept), 1u);
  EXPECT_FALSE(rig.heap.hosts().Find(lost).has_value());
  EXPECT_EQ(rig.heap.hosts().live_count(), 1u);
}

TEST(MarkSweep, CostsWhatItFollowsAndTheSlotsInUse) {
  // Three roots; the array's four fields and the pair's two; six slots were ever used.
  Rig rig;
  const Ref array = rig.heap.AllocateArray(rig.shapes.refs, 4);
  const Ref pair = rig.heap.AllocateStruct(rig.shapes.pair);
  rig.heap.InitializeRef(array, rig.heap.Deref(array) + heap::kHeaderBytes, pair);
  for (int i = 0; i < 3; ++i) rig.heap.AllocateStruct(rig.shapes.pair);
  rig.heap.AllocateArray(rig.shapes.bytes, 50'000);
  rig.roots.refs = {array, array, Ref()};
  EXPECT_EQ(rig.collector.Collect(rig.roots, Extent::Full), 3u + 4u + 2u + 6u);
  EXPECT_EQ(rig.heap.live_count(), 2u);
  // The large object's slot is gone; those of small ones stay.
  EXPECT_EQ(rig.collector.Collect(rig.roots, Extent::Full), 3u + 4u + 2u + 5u);
}

}  // namespace
}  // namespace slabhound::gc
