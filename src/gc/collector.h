// The collector contract.
//
// 1. Roots: RootSource enumerates every reference that the machine may follow later, each by its
// own storage, so that
//    a collector that moves objects can rewrite it. What is not enumerated does not survive.
// 2. No-GC scopes: a collection happens only inside Collect. Between an allocation and the store of
// its Ref into
//    something that RootSource enumerates, nothing may call it.
// 3. Barriers: stores of traced references into objects go through Heap::InitializeRef and
// Heap::OverwriteRef.
// 4. Allocation has three results: an object; a full heap (collect, then try once more); a heap
// that is still full
//    after a collection, which is exhaustion, not an error.
// 5. A broken reference among the roots or in the heap makes a panic of the heap; Collect then
// stops at once.
#pragma once

#include <memory>

#include "gc/schedule.h"
#include "heap/heap.h"

namespace slabhound::gc {

class RootVisitor {
 public:
  virtual ~RootVisitor() = default;
  virtual void Visit(heap::Ref& root) = 0;
};

class RootSource {
 public:
  virtual ~RootSource() = default;
  // Returns how many words it looked at; those that name nothing need no visit.
  virtual uint64_t VisitRoots(RootVisitor& visitor) = 0;
};

class Collector {
 public:
  virtual ~Collector() = default;
  // Requires: no panic. The heap's panic() afterwards says whether it was sound. Returns what it
  // cost, in references followed and slots swept.
  virtual uint64_t Collect(heap::Heap& heap, RootSource& roots) = 0;
};

std::unique_ptr<Collector> MakeCollector(CollectorKind kind);

}  // namespace slabhound::gc
