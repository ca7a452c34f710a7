#include "gc/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "gc/fixture.h"

namespace slabhound::gc {
namespace {

struct Rig {
  Shapes shapes;
  heap::Arena arena{8 * heap::kSlabBytes};
  heap::Heap heap{arena, shapes.types, 8 * heap::kSlabBytes};

  // Of 96 safepoints, each before an allocation: an S where a collection is due at the first, an A
  // before the second.
  std::string Due(const char* text) {
    Scheduler scheduler(*ParseSchedule(text));
    std::string due;
    for (int i = 0; i < 96; ++i) {
      due += scheduler.AtSafepoint() ? "S" : ".";
      due += scheduler.AtAllocation(heap) ? "A" : ".";
    }
    return due;
  }
};

TEST(Scheduler, SaysWhereCollectionsAreDue) {
  Rig rig;
  const std::string none(192, '.');
  EXPECT_EQ(rig.Due("never"), none);
  EXPECT_EQ(rig.Due("explicit"), none);
  EXPECT_EQ(rig.Due("every-allocation").substr(0, 8), ".A.A.A.A");
  EXPECT_EQ(rig.Due("every-3").substr(0, 12), ".....A.....A");
  EXPECT_EQ(rig.Due("every-safepoint").substr(0, 8), "SASASASA");
}

TEST(Scheduler, DrawsFromItsSeed) {
  Rig rig;
  const std::string drawn = rig.Due("random-1");
  const auto count = std::ranges::count_if(drawn, [](char each) { return each != '.'; });
  EXPECT_GT(count, 3);
  EXPECT_LT(count, 30);
  EXPECT_EQ(rig.Due("random-1"), drawn);
  EXPECT_NE(rig.Due("random-2"), drawn);
}

TEST(Scheduler, PressureIsAHeapThatIsNearlyFull) {
  Rig rig;
  const std::string none(192, '.');
  for (int i = 0; i < 6; ++i) rig.heap.AllocateArray(rig.shapes.bytes, heap::kSlabBytes - 100);
  EXPECT_EQ(rig.Due("pressure"), none);
  rig.heap.AllocateStruct(rig.shapes.pair);
  EXPECT_EQ(rig.Due("pressure").substr(0, 8), ".A.A.A.A");
}

TEST(Scheduler, MixesMinorAndFullUnlessItIsToldWhich) {
  const auto extents = [](const char* text) {
    Scheduler scheduler(*ParseSchedule(text));
    std::string told;
    for (int i = 0; i < 8; ++i) told += scheduler.Next() == Extent::Full ? 'F' : 'm';
    return told;
  };
  EXPECT_EQ(extents("every-allocation"), "mmmFmmmF");
  EXPECT_EQ(extents("every-allocation-minor"), "mmmmmmmm");
  EXPECT_EQ(extents("explicit-full"), "FFFFFFFF");
}

}  // namespace
}  // namespace slabhound::gc
