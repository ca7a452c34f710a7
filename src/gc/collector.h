// The collector contract. A collector serves one heap, from before its first object on.
//
// A collector
// 1. keeps what is reached: every object and host object to which a path leads from a root, through
//    traced fields. It may keep more, as its row in collectors.def says. What it lets go it frees
//    with Heap::Free or HostTable::Free, once, and only inside Collect.
// 2. may move objects: it visits roots and fields by reference, and may write the Ref of an
//    object's copy into each (Heap::AllocateCopy). Then it does so everywhere: two words were equal
//    before exactly if they are after. Where there is no room for a copy, the object stays.
// 3. takes what barriers it needs by Heap::set_barriers in its constructor, and keeps their rules
//    (heap/barriers.h): between collections it counts and remembers, and nothing else. A panic that
//    it raises there shows at the next collection.
// 4. owns its side tables (marks, counts, ages, forwarding), by Heap::IndexOf. A slot that was
//    freed is used again: its entry must not be taken for the next object's.
// 5. stops at once at a broken reference among the roots or in a field: the heap's panic tells, and
//    the heap is used no more.
// 6. is deterministic: what it frees, where it moves and what it costs follow from the calls alone,
//    never from addresses.
// 7. needs no native stack in proportion to the depth of an object graph.
// 8. tells by Verify which of its own invariants does not hold. Those are numbered behind the
//    heap's (heap/heap.h); the panic names the number:
//    8. deferred_rc: a count is the number of fields that hold the object, one more where it is on
//       the list of roots. Where it is 0 the object waits to be freed.
//    9. deferred_rc: each object among the roots is on that list.
//    10. generational: an old object that holds a young one is remembered.
//    11. generational: the nursery's list has each young object once, and nothing else.
//    12. copying, generational: no forwarding is left.
//
// The machine
// 9. enumerates as roots every reference that it may follow later, each by its own storage and once
//    a pass; a collection may make several passes, and none after one found a broken reference.
// 10. stores and loads traced references of objects only through Heap::InitializeRef, OverwriteRef
//    and LoadRef.
// 11. holds no address of an object, and no Ref that is no root, across a collection: a collection
//     happens only inside Collect.
// 12. takes the three results of an allocation: an object; a full heap, which is collected and
//     tried once more; a heap still full, which is exhaustion, not an error.
//
// gc/contract_test.cc and gc/heap_model_test.cc hold every collector against 1 to 8.
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
  // The heap's panic() afterwards says whether it was sound. Returns what it cost, in references
  // followed, slots looked at and words copied.
  virtual uint64_t Collect(RootSource& roots, Extent extent) = 0;
  // Holds its side tables against the heap and the roots, and changes nothing: the first broken
  // invariant is the heap's panic. Requires: Heap::Verify found none.
  virtual void Verify(RootSource& roots) = 0;
};

// Requires: the heap is empty, and outlives every use of the collector.
std::unique_ptr<Collector> MakeCollector(CollectorKind kind, heap::Heap& heap);

// What it calls: each collector's file has its own.
#define SLABHOUND_COLLECTOR(name, ...) std::unique_ptr<Collector> Make##name(heap::Heap& heap);
#include "gc/collectors.def"

}  // namespace slabhound::gc
