// What a collector follows out of an object: Heap::ForEachRef, with the faults that all collectors
// can have there.
#pragma once

#include "heap/active_fault.h"
#include "heap/heap.h"

namespace slabhound::gc {

// The fault, if one lets this edge of an object go unseen: the one of this index, of so many.
inline bool IsMissed(heap::Fault fault, const heap::Header& header, uint32_t index, heap::Ref ref) {
  using heap::Fault;
  using heap::ObjectKind;
  const bool names = ref.is_host() || ref.is_object();
  const auto kind = static_cast<ObjectKind>(header.kind);
  return (kind == ObjectKind::Exn && heap::Active(fault, Fault::RootExnPayload, names)) ||
         (kind == ObjectKind::Array && heap::Active(fault, Fault::TraceArrayEdgeCount,
                                                    names && index >= (header.length + 1) / 2)) ||
         heap::Active(fault, Fault::ExternFinalizeLive, ref.is_host());
}

// Calls visit(Ref&) with each traced field of a live object; how many there are.
template <typename Visit>
uint64_t ForEachEdge(heap::Heap& heap, uint8_t* object, Visit visit) {
  if (!SLABHOUND_FAULTS) return heap.ForEachRef(object, visit);
  uint32_t index = 0;
  return heap.ForEachRef(object, [&](heap::Ref& ref) {
    if (!IsMissed(heap.fault(), heap::Heap::HeaderOf(object), index++, ref)) visit(ref);
  });
}

}  // namespace slabhound::gc
