// Goal: the census tells an early free from a leak, and is silent where neither is.
// Method: the other collectors' heaps with one object dropped or kept on purpose.
#include "gc/census.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "gc/deferred_rc.h"
#include "gc/fixture.h"

namespace slabhound::gc {

class DeferredRcPeer {
 public:
  explicit DeferredRcPeer(DeferredRc& collector) : collector_(collector) {}
  void CountTooOften(heap::Ref ref) { ++collector_.CountOf(ref); }

 private:
  DeferredRc& collector_;
};

namespace {

using heap::PanicKind;
using heap::Ref;

struct Rig {
  Rig() { heap.layouts().AddTag(shapes.tag_type); }

  Ref Pair(Ref first = {}, Ref second = {}) {
    const Ref pair = heap.AllocateStruct(shapes.pair);
    heap.InitializeRef(pair, heap.Deref(pair) + heap::kHeaderBytes, first);
    heap.InitializeRef(pair, heap.Deref(pair) + heap::kHeaderBytes + sizeof(Ref), second);
    return pair;
  }
  Ref First(Ref object, Ref value) {
    heap.OverwriteRef(object, heap.Deref(object) + heap::kHeaderBytes, value);
    return object;
  }
  std::optional<PanicKind> Count(Frees frees) {
    Census census(heap);
    for (const Ref root : roots.refs) census.AddRoot(root);
    census.Take(frees);
    return heap.panic() ? std::optional(heap.panic()->kind) : std::nullopt;
  }

  Shapes shapes;
  heap::Arena arena{1u << 20};
  heap::Heap heap{arena, shapes.types, 1u << 20};
  Roots roots;
};

TEST(Census, IsSilentBehindCollectionsOfEveryCollector) {
  for (const Trial& trial : Trials()) {
    for (const Extent extent : {Extent::Minor, Extent::Full}) {
      SCOPED_TRACE(CollectorName(trial.kind));
      Rig rig;
      const auto collector = MakeCollector(trial.kind, rig.heap);
      const Ref host = rig.heap.hosts().Intern(1);
      rig.heap.hosts().Intern(2);
      const Ref array = rig.heap.AllocateArray(rig.shapes.refs, 40);
      rig.roots.refs = {rig.Pair(rig.First(array, rig.Pair(host)), Ref::I31(3)),
                        rig.First(rig.heap.AllocateException(0), rig.Pair())};
      rig.Pair(rig.Pair());
      const Ref cycle = rig.Pair(rig.heap.hosts().Intern(3));
      rig.First(cycle, rig.Pair(cycle));
      rig.heap.AllocateArray(rig.shapes.bytes, 100'000);
      collector->Collect(rig.roots, extent);
      EXPECT_EQ(rig.Count(trial.Of(extent)), std::nullopt);
    }
  }
}

TEST(Census, FindsWhatWasFreedEarly) {
  Rig rig;
  const Ref lost = rig.Pair();
  rig.roots.refs = {Ref::I31(1), rig.Pair({}, lost)};
  rig.heap.Free(lost);
  EXPECT_EQ(rig.Count(Frees::Nothing), PanicKind::EarlyFree);
  EXPECT_EQ(rig.heap.panic()->detail.substr(0, 18), "the struct of type");

  Rig of_root;
  of_root.roots.refs = {of_root.Pair()};
  of_root.heap.Free(of_root.roots.refs[0]);
  EXPECT_EQ(of_root.Count(Frees::Everything), PanicKind::EarlyFree);
  EXPECT_EQ(of_root.heap.panic()->detail.substr(0, 12), "a root holds");

  Rig of_host;
  const Ref host = of_host.heap.hosts().Intern(7);
  of_host.roots.refs = {of_host.First(of_host.heap.AllocateException(0), host)};
  of_host.heap.hosts().Free(host);
  EXPECT_EQ(of_host.Count(Frees::Everything), PanicKind::EarlyFreeOfHost);
}

TEST(Census, FindsWhatIsKeptAsFarAsTheCollectionOwedItsEnd) {
  for (const bool cyclic : {false, true}) {
    for (const Frees frees : {Frees::Nothing, Frees::Some, Frees::Acyclic, Frees::Everything}) {
      Rig rig;
      rig.roots.refs = {rig.Pair()};
      const Ref held = rig.Pair(), kept = rig.Pair(held);
      if (cyclic) rig.First(held, kept);
      const bool owes = frees == Frees::Everything || (frees == Frees::Acyclic && !cyclic);
      EXPECT_EQ(rig.Count(frees), owes ? std::optional(PanicKind::Leak) : std::nullopt);
      if (owes && frees == Frees::Everything) {
        EXPECT_EQ(rig.heap.panic()->detail.substr(0, 45),
                  "2 live that nothing reaches, first the struct");
      }
    }
  }
}

TEST(Census, FindsHostObjectsThatAreKept) {
  Rig rig;
  rig.roots.refs = {rig.Pair(rig.heap.hosts().Intern(1))};
  rig.heap.hosts().Intern(2);
  EXPECT_EQ(rig.Count(Frees::Some), std::nullopt);
  EXPECT_EQ(rig.Count(Frees::Everything), PanicKind::LeakOfHost);
}

TEST(Census, FindsACountThatWasTakenOnceTooOften) {
  Rig rig;
  DeferredRc collector(rig.heap);
  rig.roots.refs = {rig.Pair()};
  DeferredRcPeer(collector).CountTooOften(rig.Pair(rig.Pair()));
  collector.Collect(rig.roots, Extent::Minor);
  EXPECT_EQ(rig.Count(Frees::Acyclic), PanicKind::Leak);
  EXPECT_EQ(rig.heap.panic()->detail.substr(0, 30), "1 live that nothing reaches, f");
}

}  // namespace
}  // namespace slabhound::gc
