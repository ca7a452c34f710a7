// Goal: ids are checked at every access, slots are reused as promised, and each numbered invariant
// is seen when it breaks.
// Method: a small heap with a struct, an array of references and a byte array; breaking goes
// through HeapPeer.
#include "heap/heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

namespace slabhound::heap {

class HeapPeer {
 public:
  explicit HeapPeer(Heap& heap) : heap_(heap) {}
  void SetGeneration(Ref ref, uint32_t generation) { SlotOf(ref).state = generation; }
  void ForgetLive(Ref ref) { SlotOf(ref).state |= Heap::Slot::kFree; }
  void Unclass(Ref ref) { heap_.slabs_[ref.slab()].size_class = Heap::kUnused; }
  void HideLive(Ref ref) { heap_.live_.Erase(Heap::IndexOf(ref)); }
  void Miscount() { ++heap_.live_count_; }
  void FreeTwice(Ref ref) {
    SlotOf(ref).next_free = ref.index();
    heap_.free_lists_[heap_.slabs_[ref.slab()].size_class] = ref.index();
  }
  void LoseTheEnd(Ref ref) { heap_.free_list_ends_[heap_.slabs_[ref.slab()].size_class] = 0; }
  std::vector<uint32_t> FreeSlabs() const { return heap_.free_slabs_; }

 private:
  Heap::Slot& SlotOf(Ref ref) { return heap_.slots_[ref.index()]; }
  Heap& heap_;
};

class HostTablePeer {
 public:
  explicit HostTablePeer(HostTable& table) : table_(table) {}
  void FreeTwice(Ref ref) { table_.free_.push_back(ref.host_index()); }
  void Renumber(Ref ref) { ++table_.entries_[ref.host_index()].number; }
  void LoseFree(Ref) { table_.free_.clear(); }

 private:
  HostTable& table_;
};

namespace {

using wasm::ValType;

struct Shapes {
  explicit Shapes(const Settings& settings = {}) : heap(arena, types, 1u << 20, settings) {}
  static wasm::TypeId Add(wasm::TypeStore& types, wasm::CompositeType composite) {
    const wasm::SubType type{.is_final = true, .supers = {}, .composite = std::move(composite)};
    return types.AddGroup({&type, 1}, 0, 1, {});
  }
  static constexpr ValType kAny = ValType::Ref(wasm::AbstractHeap::Any, true);
  static constexpr ValType kFunc = ValType::Ref(wasm::AbstractHeap::Func, true);

  wasm::TypeStore types;
  wasm::TypeId pair = Add(types, wasm::StructType{{{kAny, true}, {kFunc, true}}});
  wasm::TypeId bytes = Add(types, wasm::ArrayType{{wasm::StorageType::I8, true}});
  wasm::TypeId refs = Add(types, wasm::ArrayType{{kAny, true}});
  Arena arena{1u << 20};
  Heap heap;
  HeapPeer peer{heap};

  // Frees every object and host object but these.
  void Keep(std::initializer_list<Ref> live) {
    SlotSet objects, host_objects;
    objects.Grow(heap.index_end());
    host_objects.Grow(heap.hosts().index_end());
    for (const Ref ref : live) {
      ref.is_host() ? host_objects.Insert(ref.host_index()) : objects.Insert(Heap::IndexOf(ref));
    }
    heap.ForEachLive(objects, [&](Ref ref) { heap.Free(ref); });
    heap.hosts().ForEachLive(host_objects, [&](Ref ref) { heap.hosts().Free(ref); });
  }
  PanicKind Verified() {
    heap.Verify();
    EXPECT_TRUE(heap.panic().has_value());
    return heap.panic() ? heap.panic()->kind : PanicKind{};
  }
};

TEST(Heap, GivesZeroedObjectsWithTheirHeaders) {
  Shapes shapes;
  const Ref array = shapes.heap.AllocateArray(shapes.bytes, 100);
  const uint8_t* object = shapes.heap.Deref(array);
  ASSERT_NE(object, nullptr);
  Header header;
  std::memcpy(&header, object, sizeof header);
  EXPECT_EQ(header.length, 100u);
  EXPECT_EQ(header.type, static_cast<uint32_t>(shapes.bytes));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(object[kHeaderBytes + i], 0);
  shapes.heap.Verify();
  EXPECT_FALSE(shapes.heap.panic().has_value());
}

TEST(Heap, ReusesAFreedSlotAtOnceUnderAnotherGeneration) {
  Shapes shapes;
  const Ref first = shapes.heap.AllocateStruct(shapes.pair);
  shapes.Keep({});
  const Ref second = shapes.heap.AllocateStruct(shapes.pair);
  EXPECT_EQ(first.slab(), second.slab());
  EXPECT_EQ(first.slot(), second.slot());
  EXPECT_NE(first.generation(), second.generation());
  EXPECT_NE(shapes.heap.Deref(second), nullptr);
  EXPECT_EQ(shapes.heap.Deref(first), nullptr);
  EXPECT_EQ(shapes.heap.panic()->kind, PanicKind::StaleId);
}

TEST(Heap, KnowsFreedSlotsAndForeignIds) {
  Shapes freed;
  const Ref ref = freed.heap.AllocateStruct(freed.pair);
  freed.Keep({});
  EXPECT_EQ(freed.heap.Deref(ref), nullptr);
  EXPECT_EQ(freed.heap.panic()->kind, PanicKind::StaleId);
  const Ref forged = Ref::FromWord(uint64_t{1} << 61 | 5u << 2);  // says what an unused slot says
  for (const Ref foreign :
       {Ref::Object(7, 0, 1), Ref::Object(0, 999, 1), Ref::I31(3), Ref(), forged}) {
    Shapes shapes;
    shapes.heap.AllocateStruct(shapes.pair);
    EXPECT_EQ(shapes.heap.Deref(foreign), nullptr);
    EXPECT_EQ(shapes.heap.panic()->kind, PanicKind::ForeignId);
  }
}

TEST(Heap, PoisonsWhatItFrees) {
  Shapes shapes;
  const Ref array = shapes.heap.AllocateArray(shapes.bytes, 8);
  const uint8_t* object = shapes.heap.Deref(array);
  shapes.Keep({});
  for (int i = 0; i < 16; ++i) EXPECT_EQ(object[i], kPoisonByte);
}

TEST(Heap, RetiresASlotWhoseGenerationsRanOut) {
  Shapes shapes;
  Ref ref = shapes.heap.AllocateStruct(shapes.pair);
  shapes.peer.SetGeneration(ref, Ref::kGenerationMax);
  ref = Ref::Object(ref.slab(), ref.slot(), Ref::kGenerationMax);
  ASSERT_NE(shapes.heap.Deref(ref), nullptr);
  shapes.Keep({});
  EXPECT_NE(shapes.heap.AllocateStruct(shapes.pair).slot(), ref.slot());
  shapes.heap.Verify();
  EXPECT_FALSE(shapes.heap.panic().has_value());
}

TEST(Heap, IsFullAtItsBoundAndUsableAfterACollection) {
  Shapes shapes;
  std::set<Ref> made;
  for (Ref ref = shapes.heap.AllocateStruct(shapes.pair); !ref.is_null();
       ref = shapes.heap.AllocateStruct(shapes.pair)) {
    made.insert(ref);
  }
  EXPECT_GT(made.size(), 10'000u);
  EXPECT_EQ(shapes.heap.bytes_in_use(), 1u << 20);
  EXPECT_TRUE(shapes.heap.AllocateArray(shapes.bytes, 100'000).is_null());
  shapes.Keep({*made.begin()});
  EXPECT_EQ(shapes.heap.live_count(), 1u);
  EXPECT_FALSE(shapes.heap.AllocateStruct(shapes.pair).is_null());
}

TEST(Heap, ReusesTheSlabsOfLargeObjects) {
  Shapes shapes;
  for (int round = 0; round < 100; ++round) {
    const Ref large = shapes.heap.AllocateArray(shapes.bytes, 300'000);
    ASSERT_FALSE(large.is_null());
    ASSERT_NE(shapes.heap.Deref(large), nullptr);
    const Ref small = shapes.heap.AllocateArray(shapes.bytes, 4'000);
    shapes.Keep({small});
    shapes.heap.Verify();
    ASSERT_FALSE(shapes.heap.panic().has_value());
    EXPECT_EQ(shapes.heap.live_count(), 1u);
  }
}

TEST(Heap, GivesTracedFieldsByReference) {
  Shapes shapes;
  const Ref array = shapes.heap.AllocateArray(shapes.refs, 3);
  const Ref pair = shapes.heap.AllocateStruct(shapes.pair);
  uint8_t* object = shapes.heap.Deref(array);
  shapes.heap.InitializeRef(array, object + kHeaderBytes + 8, pair);
  std::vector<Ref> seen;
  const auto rewrite = [&](Ref& ref) {
    seen.push_back(ref);
    ref = Ref::I31(static_cast<uint32_t>(seen.size()));
  };
  EXPECT_EQ(shapes.heap.ForEachRef(object, rewrite), 3u);
  EXPECT_EQ(seen, (std::vector<Ref>{Ref(), pair, Ref()}));
  EXPECT_EQ(shapes.heap.LoadRef(object + kHeaderBytes + 8), Ref::I31(2));
}

TEST(Heap, CopiesAnObjectToAnotherSlot) {
  Shapes shapes;
  const Ref array = shapes.heap.AllocateArray(shapes.bytes, 20'000);
  shapes.heap.Deref(array)[kHeaderBytes + 19'999] = 7;
  const Ref copy = shapes.heap.AllocateCopy(array);
  ASSERT_NE(copy, array);
  EXPECT_EQ(std::memcmp(shapes.heap.Deref(copy), shapes.heap.Deref(array), 20'008), 0);
  while (!shapes.heap.AllocateCopy(array).is_null()) {
  }
  EXPECT_FALSE(shapes.heap.panic().has_value());
}

TEST(Heap, ShowsLiveObjectsByIndexWithoutTheSpared) {
  Shapes shapes;
  std::vector<Ref> made;
  for (int i = 0; i < 200; ++i) made.push_back(shapes.heap.AllocateStruct(shapes.pair));
  made.push_back(shapes.heap.AllocateArray(shapes.bytes, 40'000));
  SlotSet spared;
  spared.Grow(shapes.heap.index_end());
  EXPECT_TRUE(spared.Insert(Heap::IndexOf(made[70])));
  EXPECT_FALSE(spared.Insert(Heap::IndexOf(made[70])));
  std::vector<Ref> seen;
  const auto see = [&](Ref ref) { seen.push_back(ref); };
  EXPECT_EQ(shapes.heap.ForEachLive(spared, see), 201u);
  made.erase(made.begin() + 70);
  EXPECT_EQ(seen, made);
}

// Writes down what it is told.
struct Log final : Barriers {
  void Allocated(Ref object) override { told.push_back({object}); }
  void Initializing(Ref object, Ref value) override { told.push_back({object, value}); }
  void Overwriting(Ref object, Ref old, Ref value) override {
    told.push_back({object, old, value});
  }
  void Loaded(Ref value) override { told.push_back({value}); }
  std::vector<std::vector<Ref>> told;
};

TEST(Heap, TellsItsBarriers) {
  Shapes shapes;
  Log log;
  shapes.heap.set_barriers(&log);
  const Ref pair = shapes.heap.AllocateStruct(shapes.pair);
  uint8_t* field = shapes.heap.Deref(pair) + kHeaderBytes;
  shapes.heap.InitializeRef(pair, field, Ref::I31(5));
  shapes.heap.OverwriteRef(pair, field, pair);
  EXPECT_EQ(shapes.heap.LoadRef(field), pair);
  const std::vector<std::vector<Ref>> expected = {
      {pair}, {pair, Ref::I31(5)}, {pair, Ref::I31(5), pair}, {pair}};
  EXPECT_EQ(log.told, expected);
}

// Which of four slots, of which the second and then the first were freed, the next objects get: 4
// is another one.
std::vector<size_t> ReusedUnder(Reuse reuse) {
  Shapes shapes({.reuse = reuse});
  std::vector<Ref> refs(4);
  for (Ref& ref : refs) ref = shapes.heap.AllocateStruct(shapes.pair);
  for (const size_t freed : {1, 0}) shapes.heap.Free(refs[freed]);
  std::vector<size_t> got;
  for (int i = 0; i < 3; ++i) {
    const size_t index = Heap::IndexOf(shapes.heap.AllocateStruct(shapes.pair));
    got.push_back(static_cast<size_t>(
        std::ranges::find(refs, index, [](Ref ref) { return Heap::IndexOf(ref); }) - refs.begin()));
  }
  shapes.heap.Verify();
  EXPECT_FALSE(shapes.heap.panic().has_value());
  return got;
}

TEST(Settings, SayWhichSlotIsUsedAgain) {
  using Slots = std::vector<size_t>;
  EXPECT_EQ(ReusedUnder(Reuse::Lifo), (Slots{0, 1, 4}));
  EXPECT_EQ(ReusedUnder(Reuse::Fifo), (Slots{1, 0, 4}));
  EXPECT_EQ(ReusedUnder(Reuse::Quarantine), (Slots{4, 4, 4}));
}

TEST(Settings, AFullHeapUsesWhatIsInQuarantine) {
  Shapes shapes({.reuse = Reuse::Quarantine});
  const Ref freed = shapes.heap.AllocateStruct(shapes.pair);
  shapes.heap.Free(freed);
  Ref last, ref;
  while (!(ref = shapes.heap.AllocateStruct(shapes.pair)).is_null()) last = ref;
  EXPECT_EQ(Heap::IndexOf(last), Heap::IndexOf(freed));
}

TEST(Settings, ANearlyFullHeapHasEightSlabs) {
  Shapes shapes({.start = Start::NearlyFull});
  uint32_t count = 0;
  while (!shapes.heap.AllocateArray(shapes.bytes, kSlabBytes - 100).is_null()) ++count;
  EXPECT_EQ(count, 8u);
}

TEST(Settings, AFragmentedHeapHasFreeSlotsInDisorderAndNoTwoSlabsInARow) {
  Shapes shapes({.start = Start::Fragmented});
  shapes.heap.Verify();
  EXPECT_FALSE(shapes.heap.panic().has_value());
  EXPECT_EQ(shapes.heap.live_count(), 0u);
  std::vector<size_t> indices;
  for (int i = 0; i < 20; ++i) {
    const Ref ref = shapes.heap.AllocateStruct(shapes.pair);
    EXPECT_EQ(ref.generation(), 2u);
    indices.push_back(Heap::IndexOf(ref));
  }
  EXPECT_FALSE(std::ranges::is_sorted(indices));
  const std::vector<uint32_t> slabs = shapes.peer.FreeSlabs();
  EXPECT_GT(slabs.size(), 3u);
  for (size_t i = 1; i < slabs.size(); ++i) EXPECT_GT(slabs[i - 1] - slabs[i], 1u);
}

TEST(Settings, AreWords) {
  Settings settings;
  EXPECT_EQ(SettingsText(settings), "");
  for (const char* word : {"fragmented", "verify-mutations", "fifo"}) {
    EXPECT_TRUE(TakeSetting(word, settings)) << word;
  }
  EXPECT_EQ(SettingsText(settings), ":fifo:fragmented:verify-mutations");
  EXPECT_FALSE(TakeSetting("often", settings));
  EXPECT_TRUE(TakeSetting("lifo", settings));
  EXPECT_EQ(SettingsText(settings), ":fragmented:verify-mutations");
  EXPECT_TRUE(TakeSetting("unchecked", settings));
  EXPECT_EQ(SettingsText(settings), ":fragmented:verify-mutations:unchecked");
}

TEST(HeapInvariants, AreEachSeenWhenBroken) {
  const auto break_and_verify = [](auto break_it) {
    Shapes shapes;
    const Ref pair = shapes.heap.AllocateStruct(shapes.pair);
    shapes.heap.AllocateStruct(shapes.pair);
    break_it(shapes, pair, shapes.heap.Deref(pair));
    return shapes.Verified();
  };
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref r, uint8_t*) { s.peer.Unclass(r); }),
            PanicKind::Invariant1);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref r, uint8_t*) { s.peer.ForgetLive(r); }),
            PanicKind::Invariant2);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref r, uint8_t*) { s.peer.FreeTwice(r); }),
            PanicKind::Invariant2);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref r, uint8_t*) {
              const Ref third = s.heap.AllocateStruct(s.pair);
              s.heap.Free(third);
              s.peer.LoseTheEnd(r);
            }),
            PanicKind::Invariant2);
  EXPECT_EQ(break_and_verify([](Shapes&, Ref, uint8_t* o) { std::memset(o, 0xff, 4); }),
            PanicKind::Invariant3);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref r, uint8_t* o) {
              s.heap.InitializeRef(r, o + kHeaderBytes, Ref::Object(0, 1, 77));
            }),
            PanicKind::Invariant4);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref, uint8_t* o) {
              s.heap.set_function_count(3);
              o[kHeaderBytes + 8] = 4;
            }),
            PanicKind::Invariant5);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref, uint8_t*) { s.peer.Miscount(); }),
            PanicKind::Invariant6);
  EXPECT_EQ(break_and_verify([](Shapes& s, Ref r, uint8_t*) { s.peer.HideLive(r); }),
            PanicKind::Invariant6);
}

TEST(HeapInvariants, OfTheExternTableAreSeenWhenBroken) {
  const auto break_and_verify = [](void (HostTablePeer::*break_it)(Ref), bool has_freed) {
    Shapes shapes;
    HostTable& hosts = shapes.heap.hosts();
    const Ref lost = hosts.Intern(1), kept = hosts.Intern(3);
    hosts.Free(lost);
    EXPECT_TRUE(hosts.IsConsistent());
    (HostTablePeer(hosts).*break_it)(has_freed ? lost : kept);
    return shapes.Verified();
  };
  EXPECT_EQ(break_and_verify(&HostTablePeer::FreeTwice, true), PanicKind::Invariant7);
  EXPECT_EQ(break_and_verify(&HostTablePeer::FreeTwice, false), PanicKind::Invariant7);
  EXPECT_EQ(break_and_verify(&HostTablePeer::Renumber, false), PanicKind::Invariant7);
  EXPECT_EQ(break_and_verify(&HostTablePeer::LoseFree, true), PanicKind::Invariant7);
}

TEST(HostObjects, KeepTheirIdsWhileTheyLive) {
  Shapes shapes;
  const Ref kept = shapes.heap.hosts().Intern(7), lost = shapes.heap.hosts().Intern(8);
  EXPECT_EQ(shapes.heap.hosts().Intern(7), kept);
  shapes.Keep({kept});
  EXPECT_EQ(shapes.heap.hosts().Find(kept), 7u);
  EXPECT_FALSE(shapes.heap.hosts().Find(lost).has_value());
  EXPECT_NE(shapes.heap.hosts().Intern(8), lost);
  EXPECT_FALSE(shapes.heap.HostNumber(lost).has_value());
  EXPECT_EQ(shapes.heap.panic()->kind, PanicKind::StaleId);
}

}  // namespace
}  // namespace slabhound::heap
