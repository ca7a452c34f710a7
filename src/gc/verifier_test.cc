#include "gc/verifier.h"

#include <gtest/gtest.h>

#include <memory>

#include "gc/fixture.h"

namespace slabhound::gc {
namespace {

using heap::Ref;
using heap::Verification;

struct Rig {
  Rig(CollectorKind kind, Verification level)
      : collector(MakeCollector(kind, heap)), verifier(level, heap, *collector) {
    roots.refs = {heap.AllocateStruct(shapes.pair)};
  }
  Shapes shapes;
  heap::Arena arena{1u << 20};
  heap::Heap heap{arena, shapes.types, 1u << 20};
  std::unique_ptr<Collector> collector;
  Verifier verifier;
  Roots roots;

  void Store(Ref pair, Ref value) {
    heap.OverwriteRef(pair, heap.Deref(pair) + heap::kHeaderBytes, value);
  }
  // A word in a field that names nothing, past every barrier.
  void Break() {
    *reinterpret_cast<Ref*>(heap.Deref(roots.refs[0]) + heap::kHeaderBytes) = Ref::Object(0, 7, 9);
  }
};

TEST(Verifier, LooksAsOftenAsItIsTold) {
  // null looks at nothing by itself.
  Rig requests(CollectorKind::Null, Verification::OnRequest);
  requests.Break();
  requests.verifier.Collect(requests.roots, Extent::Full);
  EXPECT_FALSE(requests.heap.panic().has_value());
  requests.verifier.Verify(requests.roots);
  EXPECT_EQ(requests.heap.panic()->kind, heap::PanicKind::Invariant4);

  Rig collections(CollectorKind::Null, Verification::Collections);
  collections.Break();
  collections.heap.AllocateStruct(collections.shapes.pair);
  EXPECT_FALSE(collections.heap.panic().has_value());
  collections.verifier.Collect(collections.roots, Extent::Full);
  EXPECT_EQ(collections.heap.panic()->kind, heap::PanicKind::Invariant4);

  Rig mutations(CollectorKind::Null, Verification::Mutations);
  mutations.Break();
  mutations.heap.AllocateStruct(mutations.shapes.pair);
  EXPECT_EQ(mutations.heap.panic()->kind, heap::PanicKind::Invariant4);

  Rig stores(CollectorKind::Null, Verification::Mutations);
  const Ref other = stores.heap.AllocateStruct(stores.shapes.pair);
  stores.Break();
  stores.Store(other, Ref());
  EXPECT_EQ(stores.heap.panic()->kind, heap::PanicKind::Invariant4);
}

TEST(Verifier, LeavesCollectorsTheirBarriers) {
  for (const Trial& trial : Trials()) {
    SCOPED_TRACE(CollectorName(trial.kind));
    Rig rig(trial.kind, Verification::Mutations);
    for (int i = 0; i < 40; ++i) {
      rig.Store(rig.roots.refs[0], rig.heap.AllocateStruct(rig.shapes.pair));
      if (i % 5 == 0) rig.verifier.Collect(rig.roots, i % 2 == 0 ? Extent::Minor : Extent::Full);
    }
    rig.verifier.Collect(rig.roots, Extent::Full);
    EXPECT_FALSE(rig.heap.panic().has_value()) << rig.heap.panic()->detail;
    EXPECT_EQ(rig.heap.live_count(), trial.full == Frees::Nothing ? 41u : 2u);
  }
}

}  // namespace
}  // namespace slabhound::gc
