// Heap::Verify: the numbered invariants of heap.h, walked one after another.
#include <fmt/format.h>

#include <utility>

#include "heap/heap.h"

namespace slabhound::heap {

uint64_t Heap::ObjectBytes(const Header& header) {
  const Layout& layout = LayoutOfHeader(header);
  return layout.bytes + uint64_t{layout.is_array ? header.length : 0} * layout.element_bytes;
}

bool Heap::HeaderIsValid(const Header& header, const Slab& slab) {
  const auto kind = static_cast<ObjectKind>(header.kind);
  if (kind == ObjectKind::Exn) {
    if (header.type >= layouts_.tag_count()) return false;
  } else {
    const wasm::TypeStore& types = layouts_.types();
    if (kind > ObjectKind::Exn || header.type >= types.size()) return false;
    const wasm::CompositeType& composite = types[static_cast<wasm::TypeId>(header.type)].composite;
    if (kind == ObjectKind::Array ? !std::holds_alternative<wasm::ArrayType>(composite)
                                  : !std::holds_alternative<wasm::StructType>(composite)) {
      return false;
    }
  }
  return ObjectBytes(header) <= RoomOf(slab);
}

bool Heap::VerifyObject(uint32_t index) {
  const uint32_t slab_index = SlabOf(index), slot = index % kGranulesPerSlab;
  uint8_t* object = AddressOf(index);
  const Header& header = HeaderOf(object);
  if (!HeaderIsValid(header, slabs_[slab_index])) {
    RaisePanic(PanicKind::Invariant3,
               fmt::format("the header of slab {}, slot {}", slab_index, slot));
    return false;
  }
  bool good = true;
  ForEachRef(object, [&](const Ref& ref) {
    if (!good || IsSound(ref)) return;
    good = false;
    RaisePanic(PanicKind::Invariant4,
               fmt::format("slab {}, slot {} holds 0x{:x}", slab_index, slot, ref.word()));
  });
  if (!good) return false;
  const Layout& layout = LayoutOfHeader(header);
  const uint32_t count =
      layout.is_array ? header.length : static_cast<uint32_t>(layout.fields.size());
  for (uint32_t i = 0; i < count; ++i) {
    const FieldLayout& field = layout.FieldAt(i);
    if (!field.type.is_ref() || IsTraced(layouts_.types(), field.type)) {
      if (layout.is_array) break;  // all elements are of the one type
      continue;
    }
    const uint64_t word = FieldAt(object + layout.OffsetAt(i)).word();
    if (word > function_count_) {
      RaisePanic(PanicKind::Invariant5,
                 fmt::format("slab {}, slot {} holds function {}", slab_index, slot, word));
      return false;
    }
  }
  return true;
}

bool Heap::VerifyFreeLists(SlotSet& listed, uint64_t& count) {
  const auto broken = [this](std::string detail) {
    RaisePanic(PanicKind::Invariant2, std::move(detail));
    return false;
  };
  for (uint8_t size_class = 0; size_class < kSizeClassCount; ++size_class) {
    for (uint32_t index = free_lists_[size_class]; index != kNoSlot;) {
      const uint32_t slab = SlabOf(index), slot = index % kGranulesPerSlab;
      if (index >= index_end_ || slots_[index].is_none() || slabs_[slab].size_class != size_class) {
        return broken(fmt::format("free list {} names slab {}, slot {}", size_class, slab, slot));
      }
      if (!listed.Insert(index)) {
        return broken(fmt::format("slab {}, slot {} is on a free list twice", slab, slot));
      }
      ++count;
      const uint32_t next = slots_[index].next_free;
      if (next == kNoSlot && index != free_list_ends_[size_class]) {
        return broken(fmt::format("free list {} ends at slab {}, slot {}, and not where it says",
                                  size_class, slab, slot));
      }
      index = next;
    }
  }
  return true;
}

bool Heap::VerifySlot(uint32_t index, bool is_listed) {
  const uint32_t slab = SlabOf(index), slot = index % kGranulesPerSlab;
  const Slot& state = slots_[index];
  if (state.is_live() + is_listed + state.is_retired() != 1) {
    RaisePanic(
        PanicKind::Invariant2,
        fmt::format("slab {}, slot {} is not exactly one of live, free, retired", slab, slot));
    return false;
  }
  if (live_.Contains(index) != state.is_live()) {
    RaisePanic(
        PanicKind::Invariant6,
        fmt::format("slab {}, slot {} is not in the set of live slots as it is", slab, slot));
    return false;
  }
  return !state.is_live() || VerifyObject(index);
}

void Heap::Verify() {
  // Free lists first: the walk below counts what they hold.
  SlotSet on_list;
  on_list.Grow(index_end());
  uint64_t listed = 0;
  if (!VerifyFreeLists(on_list, listed)) return;
  uint64_t live = 0, free = 0, bytes = 0;
  for (uint32_t slab_index = 0; slab_index < slabs_.size(); ++slab_index) {
    const Slab& slab = slabs_[slab_index];
    if (slab.size_class == kUnused || slab.size_class == kRunPart) {
      if (slab.slot_count != 0)
        return RaisePanic(PanicKind::Invariant1,
                          fmt::format("slab {} has slots but no class", slab_index));
      continue;
    }
    const uint64_t slabs_held = slab.size_class == kLargeClass ? slab.run_slabs : 1;
    if (slab.size_class > kLargeClass || slab.slot_count > slab.slot_count_max ||
        slab_index + slabs_held > slabs_.size()) {
      return RaisePanic(PanicKind::Invariant1,
                        fmt::format("slab {} of class {}", slab_index, slab.size_class));
    }
    bytes += slabs_held * kSlabBytes;
    for (uint32_t slot = 0; slot < slab.slot_count; ++slot) {
      const uint32_t index = (slab_index << Ref::kSlotBits) + slot * slab.slot_granules();
      const bool is_listed = on_list.Contains(index);
      if (!VerifySlot(index, is_listed)) return;
      free += is_listed ? 1 : 0;
      live += slots_[index].is_live() ? 1 : 0;
    }
  }
  if (live != live_count_ || free != listed || bytes != bytes_in_use_) {
    RaisePanic(PanicKind::Invariant6, fmt::format("{} live of {} counted, {} bytes of {} counted",
                                                  live, live_count_, bytes, bytes_in_use_));
  }
  if (!hosts_.IsConsistent()) RaisePanic(PanicKind::Invariant7, "the extern table");
}

}  // namespace slabhound::heap
