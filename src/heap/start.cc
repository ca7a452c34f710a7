// Heap::Begin: the states in which a heap may begin.
#include <algorithm>
#include <utility>

#include "base/rng.h"
#include "heap/heap.h"

namespace slabhound::heap {

void Heap::Begin(Start start) {
  constexpr uint64_t kSlabsLeft = 8;
  switch (start) {
    case Start::Empty:
      return;
    case Start::NearlyFull:
      bytes_max_ = std::min(bytes_max_, kSlabsLeft * kSlabBytes);
      return;
    case Start::Fragmented:
      return Fragment();
  }
}

void Heap::Fragment() {
  // More would be looked at by each verification, and a generated case makes no more objects.
  constexpr uint32_t kSlotsOfAClass = 64;
  std::vector<uint32_t> slots, runs;
  for (uint8_t size_class = 0; size_class < kSizeClassCount; ++size_class) {
    if (bytes_in_use_ >= bytes_max_ / 4) break;
    const uint32_t count = std::min<uint32_t>(kSlabBytes / kSlotBytes[size_class], kSlotsOfAClass);
    for (uint32_t i = 0; i < count; ++i) {
      if (const uint32_t slot = TakeUnused(size_class); slot != kNoSlot) slots.push_back(slot);
    }
    if (const uint32_t run = AllocateRun(1); run != kNoSlot) runs.push_back(run);
  }
  Rng rng(0);
  for (size_t left = slots.size(); left > 1; --left) {
    std::swap(slots[left - 1], slots[rng.Below(left)]);
  }
  for (const uint32_t slot : slots) FreeSlot(slabs_[SlabOf(slot)], slot);
  for (const uint32_t run : runs) FreeRun(SlabOf(run));
}

}  // namespace slabhound::heap
