// Goal: every collector keeps the rules of collector.h.
// Method: small graphs, and each collector of the catalogue.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "gc/fixture.h"

namespace slabhound::gc {
namespace {

using heap::Ref;

class Contract : public testing::TestWithParam<Trial> {
 protected:
  // A pair that holds these two.
  Ref Pair(Ref first = {}, Ref second = {}) {
    const Ref pair = heap_.AllocateStruct(shapes_.pair);
    Set(pair, 0, first);
    Set(pair, 1, second);
    return pair;
  }
  // Of an array or an exception, too.
  uint8_t* Field(Ref pair, uint32_t index) {
    uint8_t* object = heap_.Deref(pair);
    if (object == nullptr) throw std::logic_error("lost: " + heap_.panic()->detail);
    return object + heap::kHeaderBytes + size_t{index} * sizeof(Ref);
  }
  void Set(Ref pair, uint32_t index, Ref value) {
    heap_.OverwriteRef(pair, Field(pair, index), value);
  }
  Ref Get(Ref pair, uint32_t index) { return heap_.LoadRef(Field(pair, index)); }
  void Collect(Extent extent = Extent::Full) {
    collector_->Collect(roots_, extent);
    heap_.Verify();
    collector_->Verify(roots_);
    EXPECT_FALSE(heap_.panic().has_value()) << heap_.panic()->detail;
  }
  bool Follows() const { return GetParam().full != Frees::Nothing; }

  Shapes shapes_;
  heap::Arena arena_{16u << 20};
  heap::Heap heap_{arena_, shapes_.types, 16u << 20};
  Roots roots_;
  std::unique_ptr<Collector> collector_ = MakeCollector(GetParam().kind, heap_);
};

TEST_P(Contract, Rule1KeepsWhatIsReachedAndFreesTheRest) {
  const Ref host = heap_.hosts().Intern(9);
  const Ref shared = Pair(Ref::I31(1), host);
  roots_.refs = {Pair(shared, Pair(shared)), Ref::I31(2), Ref()};
  Pair(Pair(), shared);
  Collect();
  EXPECT_EQ(heap_.live_count(), Follows() ? 3u : 5u);
  const Ref root = roots_.refs[0];
  EXPECT_EQ(Get(root, 0), Get(Get(root, 1), 0));
  EXPECT_EQ(Get(Get(root, 0), 0), Ref::I31(1));
  EXPECT_EQ(heap_.hosts().Find(Get(Get(root, 0), 1)), 9u);
  roots_.refs.clear();
  Collect();
  EXPECT_EQ(heap_.live_count(), Follows() ? 0u : 5u);
}

TEST_P(Contract, Rule1KeepsWhatArraysExceptionsAndRootsHold) {
  heap_.layouts().AddTag(shapes_.tag_type);
  roots_.refs = {heap_.AllocateArray(shapes_.refs, 600), heap_.AllocateException(0),
                 heap_.hosts().Intern(8)};
  for (const size_t i : {0u, 1u}) Set(roots_.refs[i], 0, Pair(Ref::I31(7)));
  Set(roots_.refs[0], 599, Pair(heap_.hosts().Intern(9)));
  for (const Extent extent : {Extent::Minor, Extent::Full, Extent::Minor}) Collect(extent);
  for (const size_t i : {0u, 1u}) EXPECT_EQ(Get(Get(roots_.refs[i], 0), 0), Ref::I31(7));
  EXPECT_EQ(heap_.hosts().Find(Get(Get(roots_.refs[0], 599), 0)), 9u);
  EXPECT_EQ(heap_.hosts().Find(roots_.refs[2]), 8u);
}

TEST_P(Contract, Rule1KeepsCyclesThatAreReached) {
  const Ref first = Pair(), second = Pair(first);
  Set(first, 1, second);
  roots_.refs = {first};
  Collect();
  const Ref root = roots_.refs[0];
  EXPECT_EQ(Get(Get(root, 1), 0), root);
  roots_.refs.clear();
  Collect();
  EXPECT_EQ(heap_.live_count(), GetParam().full == Frees::Everything ? 0u : 2u);
}

TEST_P(Contract, Rule1KeepsWhatOnlyAnOldObjectHolds) {
  roots_.refs = {Pair()};
  for (int i = 0; i < 4; ++i) Collect(Extent::Minor);
  for (uint32_t number = 1; number < 5; ++number) {
    const Ref fresh = Pair(Ref::I31(number));
    Set(roots_.refs[0], number % 2, Pair(fresh));
    Collect(number == 3 ? Extent::Full : Extent::Minor);
    const Ref held = Get(Get(roots_.refs[0], number % 2), 0);
    EXPECT_EQ(Get(held, 0), Ref::I31(number));
  }
  Collect();
  EXPECT_EQ(heap_.live_count(), Follows() ? 5u : 9u);
}

TEST_P(Contract, Rule1KeepsWhatItsLastFieldLetGo) {
  const Ref held = Pair(Ref::I31(7)), holder = Pair(held);
  roots_.refs = {holder};
  Collect(Extent::Minor);
  roots_.refs.push_back(Get(roots_.refs[0], 0));
  Set(roots_.refs[0], 0, Ref());
  for (const Extent extent : {Extent::Minor, Extent::Minor, Extent::Full}) {
    Collect(extent);
    ASSERT_TRUE(heap_.IsSound(roots_.refs[1]));
    EXPECT_EQ(Get(roots_.refs[1], 0), Ref::I31(7));
  }
  roots_.refs.pop_back();
  Collect();
  EXPECT_EQ(heap_.live_count(), Follows() ? 1u : 2u);
}

TEST_P(Contract, Rule2KeepsIdentity) {
  const Ref one = Pair(), other = Pair();
  roots_.refs = {one, other, one, Pair(one, other)};
  Collect();
  EXPECT_EQ(roots_.refs[0], roots_.refs[2]);
  EXPECT_NE(roots_.refs[0], roots_.refs[1]);
  EXPECT_EQ(Get(roots_.refs[3], 0), roots_.refs[0]);
  EXPECT_EQ(Get(roots_.refs[3], 1), roots_.refs[1]);
}

TEST_P(Contract, Rule2GoesOnInAFullHeap) {
  Ref list;
  for (Ref cell = Pair(); !cell.is_null(); cell = heap_.AllocateStruct(shapes_.pair)) {
    heap_.InitializeRef(cell, Field(cell, 0), list);
    list = cell;
  }
  const uint64_t count = heap_.live_count();
  roots_.refs = {list};
  for (const Extent extent : {Extent::Minor, Extent::Full, Extent::Minor, Extent::Minor}) {
    Collect(extent);
    EXPECT_EQ(heap_.live_count(), count);
  }
}

TEST_P(Contract, Rule4ASlotUsedAgainIsNewToTheCollector) {
  for (int round = 0; round < 3; ++round) {
    roots_.refs = {Pair(Pair())};
    Collect();
    Collect();
    ASSERT_TRUE(heap_.IsSound(Get(roots_.refs[0], 0)));
    roots_.refs.clear();
    Collect();
    EXPECT_EQ(heap_.live_count(), Follows() ? 0u : 2u * (round + 1));
  }
}

TEST_P(Contract, Rule5StopsAtABrokenRoot) {
  if (!Follows()) GTEST_SKIP() << "follows nothing";
  const Ref lost = Pair();
  Collect();
  const Ref kept = Pair();
  roots_.refs = {lost, kept};
  collector_->Collect(roots_, Extent::Full);
  ASSERT_TRUE(heap_.panic().has_value());
  EXPECT_EQ(heap_.panic()->kind, heap::PanicKind::StaleId);
  EXPECT_TRUE(heap_.IsSound(kept));
}

TEST_P(Contract, Rule5StopsAtABrokenHostObject) {
  if (!Follows()) GTEST_SKIP() << "follows nothing";
  roots_.refs = {Ref::Host(3, 1)};
  collector_->Collect(roots_, Extent::Full);
  ASSERT_TRUE(heap_.panic().has_value());
  EXPECT_EQ(heap_.panic()->kind, heap::PanicKind::ForeignId);
}

TEST_P(Contract, Rule6IsDeterministic) {
  std::vector<uint64_t> told[2];
  for (auto& each : told) {
    heap::Heap heap(arena_, shapes_.types, 1u << 20);
    const auto collector = MakeCollector(GetParam().kind, heap);
    Roots roots;
    for (int i = 0; i < 50; ++i) {
      roots.refs.push_back(heap.AllocateStruct(shapes_.pair));
      heap.AllocateArray(shapes_.refs, 5);
      each.push_back(collector->Collect(roots, i % 3 == 0 ? Extent::Full : Extent::Minor));
    }
    for (const Ref ref : roots.refs) each.push_back(ref.word());
  }
  EXPECT_EQ(told[0], told[1]);
}

TEST_P(Contract, Rule7FollowsAndFreesLongListsWithoutAStack) {
  Ref list;
  for (int i = 0; i < 100'000; ++i) list = Pair(list);
  roots_.refs = {list};
  Collect();
  EXPECT_EQ(heap_.live_count(), 100'000u);
  roots_.refs.clear();
  Collect();
  EXPECT_EQ(heap_.live_count(), Follows() ? 0u : 100'000u);
}

INSTANTIATE_TEST_SUITE_P(Collectors, Contract, testing::ValuesIn(Trials()), [](const auto& param) {
  return std::string(CollectorName(param.param.kind));
});

}  // namespace
}  // namespace slabhound::gc
