// Verifier: holds a heap and its collector against their numbered invariants (heap/heap.h,
// gc/collector.h), as often as the settings say.
//
// 1. After a collection it looks at everything, roots too.
// 2. Of mutations, it looks before each allocation and each store of a reference: behind the last
//    one, that is. What is on the stack is not known there, so roots are left out. It stands before
//    the collector's barriers for that.
// 3. Where the heap is large it looks at fewer mutations: behind n live objects the next n / 16
//    pass.
// 4. Of an engine that checks nothing (heap/settings.def) it looks at nothing.
// What it finds is the heap's panic; of mutations that shows at the next collection or access.
#pragma once

#include "gc/collector.h"
#include "heap/barriers.h"
#include "heap/settings.h"

namespace slabhound::gc {

class Verifier final : private heap::Barriers {
 public:
  // Requires: the collector is the heap's, and no object was allocated yet.
  Verifier(heap::Verification level, heap::Heap& heap, Collector& collector);
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  // As Collector::Collect, and a look at the result.
  uint64_t Collect(RootSource& roots, Extent extent);
  // Looks now, whatever the level.
  void Verify(RootSource& roots);

 private:
  void Allocated(heap::Ref object) override;
  void Initializing(heap::Ref object, heap::Ref value) override;
  void Overwriting(heap::Ref object, heap::Ref old, heap::Ref value) override;
  void Loaded(heap::Ref value) override;
  void Mutates();

  heap::Verification level_;
  heap::Heap& heap_;
  Collector& collector_;
  heap::Barriers* own_;  // the collector's; may be none
  bool is_collecting_ = false;
  uint64_t mutations_to_pass_ = 0;
};

}  // namespace slabhound::gc
