// Census: what lives in a heap, held against what is reached, behind a collection at the end of a
// run.
//
// 1. Reached is what its roots lead to. Fields are followed by their own types: no collector's
//    marks, edges or barriers are asked, nor the layouts' lists of traced fields.
// 2. What is reached and does not live is an early free.
// 3. What lives and is not reached is a leak, if the collection owed its end (Frees in
//    gc/schedule.h): behind one that frees all but cycles, what no object holds.
// 4. Host objects are counted as objects are. Functions live as long as their machine.
// 5. The first that it finds, by the order of roots or slots, is the heap's panic. It changes
//    nothing else.
#pragma once

#include <string>
#include <vector>

#include "gc/schedule.h"
#include "heap/heap.h"

namespace slabhound::gc {

class Census {
 public:
  // Requires: the heap has no panic, and outlives it.
  explicit Census(heap::Heap& heap);
  void AddRoot(heap::Ref root) { Reach(root, {}); }
  // Behind all roots, once. `frees`: what the last collection did.
  void Take(Frees frees);

 private:
  void Reach(heap::Ref ref, heap::Ref holder);
  // Calls visit(Ref) with each traced field of a live object.
  template <typename Visit>
  void ForEachField(heap::Ref object, Visit visit);
  void TakeLeaks(Frees frees);
  std::string Named(heap::Ref ref);

  heap::Heap& heap_;
  heap::SlotSet objects_, hosts_;  // reached
  std::vector<heap::Ref> pending_;
};

}  // namespace slabhound::gc
