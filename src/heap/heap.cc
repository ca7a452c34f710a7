#include "heap/heap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "heap/active_fault.h"

namespace slabhound::heap {

Heap::Heap(Arena& arena, const wasm::TypeStore& types, uint64_t bytes_max, const Settings& settings,
           Fault fault)
    : arena_(arena),
      base_(arena.base()),
      bytes_max_(
          std::min<uint64_t>({bytes_max, arena.bytes(), uint64_t{kSlabBytes} << Ref::kSlabBits})),
      fault_(fault),
      reuse_(settings.reuse),
      is_unchecked_(SLABHOUND_FAULTS && settings.checks == Checks::Unchecked),
      layouts_(types, fault) {
  free_lists_.fill(kNoSlot);
  free_list_ends_.fill(kNoSlot);
  open_slabs_.fill(kNoSlot);
  Begin(settings.start);
}

Heap::~Heap() { arena_.Release(slabs_.size() * size_t{kSlabBytes}); }

void Heap::RaisePanic(PanicKind kind, std::string detail) {
  if (is_unchecked_) kind = PanicKind::MemoryFault;
  if (!panic_) panic_ = Panic{kind, std::move(detail)};
}

uint8_t* Heap::DerefFailed(Ref ref) {
  if (is_unchecked_) return DerefUnchecked(ref);
  if (!ref.is_object()) {
    RaisePanic(PanicKind::ForeignId, fmt::format("0x{:x} is no object id", ref.word()));
    return nullptr;
  }
  const uint32_t slab = ref.slab(), slot = ref.slot();
  if (slab >= slabs_.size() || slot >= slabs_[slab].slot_count) {
    RaisePanic(PanicKind::ForeignId, fmt::format("slab {}, slot {} does not exist", slab, slot));
    return nullptr;
  }
  const Slot& state = slabs_[slab].slots[slot];
  RaisePanic(PanicKind::StaleId,
             fmt::format("slab {}, slot {}: generation {}, the slot {} at {}", slab, slot,
                         ref.generation(), state.live ? "is" : "was freed", +state.generation));
  return nullptr;
}

std::optional<uint32_t> Heap::HostNumber(Ref ref) {
  const auto number = is_unchecked_ ? hosts_.FindUnchecked(ref) : hosts_.Find(ref);
  if (!number) {
    RaisePanic(hosts_.Exists(ref) ? PanicKind::StaleId : PanicKind::ForeignId,
               fmt::format("host object {} in the extern table", ref.host_index()));
  }
  return number;
}

bool Heap::IsSound(Ref ref) const {
  if (ref.is_null() || ref.is_i31()) return true;
  if (ref.is_host()) return hosts_.Find(ref).has_value();
  if (ref.slab() >= slabs_.size() || ref.slot() >= slabs_[ref.slab()].slot_count) return false;
  const Slot& state = slabs_[ref.slab()].slots[ref.slot()];
  return state.live && state.generation == ref.generation();
}

Ref Heap::AllocateStruct(wasm::TypeId type) {
  const Layout& layout = layouts_.Of(type);
  return Allocate(layout.bytes, Header{static_cast<uint32_t>(type) & 0x3fffffff,
                                       static_cast<uint32_t>(ObjectKind::Struct) & 3,
                                       static_cast<uint32_t>(layout.fields.size())});
}

Ref Heap::AllocateArray(wasm::TypeId type, uint32_t length) {
  const Layout& layout = layouts_.Of(type);
  return Allocate(kHeaderBytes + uint64_t{length} * layout.element_bytes,
                  Header{static_cast<uint32_t>(type) & 0x3fffffff,
                         static_cast<uint32_t>(ObjectKind::Array) & 3, length});
}

Ref Heap::AllocateException(uint32_t tag) {
  const Layout& layout = layouts_.OfTag(tag);
  return Allocate(layout.bytes, Header{tag & 0x3fffffff, static_cast<uint32_t>(ObjectKind::Exn) & 3,
                                       static_cast<uint32_t>(layout.fields.size())});
}

Ref Heap::AllocateCopy(Ref ref) {
  const uint8_t* object = Deref(ref);
  if (object == nullptr) return {};
  Header header;
  std::memcpy(&header, object, sizeof header);
  const uint64_t bytes = ObjectBytes(header);
  const Ref copy = Allocate(bytes, header);
  if (!copy.is_null()) std::memcpy(AddressOf(copy.slab(), copy.slot()), object, bytes);
  return copy;
}

Ref Heap::Allocate(uint64_t bytes, Header header) {
  std::optional<uint32_t> place;
  if (bytes <= kSmallBytesMax) {
    place = AllocateSlot(SizeClassOf(static_cast<uint32_t>(bytes)));
  } else if (bytes <= bytes_max_) {
    place = AllocateRun(static_cast<uint32_t>((bytes + kSlabBytes - 1) / kSlabBytes));
  }
  if (!place) return {};
  const uint32_t slab = SlabOf(*place), slot = SlotOf(*place);
  Slot& state = slabs_[slab].slots[slot];
  state.live = 1;
  state.next_free = kNoSlot;
  ++live_count_;
  uint8_t* object = AddressOf(slab, slot);
  std::memcpy(object, &header, sizeof header);
  const Ref ref = Ref::Object(slab, slot, state.generation);
  live_.Insert(IndexOf(ref));
  if (barriers_ != nullptr) barriers_->Allocated(ref);
  return ref;
}

std::optional<uint32_t> Heap::AllocateSlot(uint8_t size_class) {
  const uint32_t& head = free_lists_[size_class];
  if (head == kNoSlot || reuse_ == Reuse::Quarantine) {
    const auto unused = TakeUnused(size_class);
    if (unused || head == kNoSlot) return unused;
  }
  return TakeFreed(size_class);
}

uint32_t Heap::TakeFreed(uint8_t size_class) {
  uint32_t& head = free_lists_[size_class];
  const uint32_t place = head;
  Slab& slab = slabs_[SlabOf(place)];
  head = slab.slots[SlotOf(place)].next_free;
  std::memset(AddressOf(SlabOf(place), SlotOf(place)), 0, slab.slot_bytes);
  return place;
}

std::optional<uint32_t> Heap::TakeUnused(uint8_t size_class) {
  uint32_t& open = open_slabs_[size_class];
  if (open == kNoSlot || slabs_[open].slot_count == slabs_[open].slot_count_max) {
    uint32_t index;
    if (!free_slabs_.empty()) {
      index = free_slabs_.back();
      free_slabs_.pop_back();
    } else if ((slabs_.size() + 1) * uint64_t{kSlabBytes} <= bytes_max_) {
      index = static_cast<uint32_t>(slabs_.size());
      slabs_.emplace_back();
      live_.Grow(index_end());
    } else {
      return std::nullopt;
    }
    Slab& slab = slabs_[index];
    slab.size_class = size_class;
    slab.slot_bytes = kSlotBytes[size_class];
    slab.slot_count = 0;
    slab.slot_count_max = kSlabBytes / slab.slot_bytes;
    slab.run_slabs = 1;
    slab.slots.clear();
    bytes_in_use_ += kSlabBytes;
    open = index;
  }
  Slab& slab = slabs_[open];
  const uint32_t slot = slab.slot_count++;
  slab.slots.emplace_back();
  slab.slots.back().generation = slab.generation_floor & Ref::kGenerationMax;
  // The arena holds what an earlier heap or a freed run left.
  std::memset(AddressOf(open, slot), 0, slab.slot_bytes);
  return open << Ref::kSlotBits | slot;
}

std::optional<uint32_t> Heap::AllocateRun(uint32_t slab_count) {
  const auto first = static_cast<uint32_t>(slabs_.size());
  uint32_t head = kNoSlot;
  // First fit among the freed slabs: they are kept sorted, so a run of them is a run of neighbours.
  for (size_t i = 0; i + slab_count <= free_slabs_.size(); ++i) {
    // free_slabs_ is sorted descending: neighbours count down.
    if (free_slabs_[i] - free_slabs_[i + slab_count - 1] == slab_count - 1) {
      head = free_slabs_[i + slab_count - 1];
      free_slabs_.erase(free_slabs_.begin() + static_cast<ptrdiff_t>(i),
                        free_slabs_.begin() + static_cast<ptrdiff_t>(i + slab_count));
      break;
    }
  }
  if (head == kNoSlot) {
    if ((slabs_.size() + slab_count) * uint64_t{kSlabBytes} > bytes_max_) return std::nullopt;
    head = first;
    slabs_.resize(slabs_.size() + slab_count);
    live_.Grow(index_end());
  }
  for (uint32_t i = 0; i < slab_count; ++i) {
    Slab& part = slabs_[head + i];
    part.size_class = i == 0 ? kLargeClass : kRunPart;
    part.slot_count = part.slot_count_max = i == 0 ? 1 : 0;
    part.slot_bytes = 0;  // the one slot starts at the slab
    part.run_slabs = i == 0 ? slab_count : 0;
    part.slots.clear();
  }
  Slab& slab = slabs_[head];
  slab.slots.emplace_back();
  slab.slots.back().generation = slab.generation_floor & Ref::kGenerationMax;
  bytes_in_use_ += uint64_t{slab_count} * kSlabBytes;
  std::memset(base_ + uint64_t{head} * kSlabBytes, 0, uint64_t{slab_count} * kSlabBytes);
  return head << Ref::kSlotBits;
}

// The fault: the live neighbour where an object of a size that is not rounded would stand.
Ref Heap::Freed(Ref ref) {
  const Slab& slab = slabs_[ref.slab()];
  const uint64_t bytes = ObjectBytes(HeaderOf(AddressOf(ref.slab(), ref.slot())));
  const uint64_t slot = uint64_t{ref.slot()} * slab.slot_bytes / bytes;
  const bool is_live = slot != ref.slot() && slot < slab.slot_count && slab.slots[slot].live;
  if (!Active(fault_, Fault::SlabFreeUnrounded, is_live)) return ref;
  return Ref::Object(ref.slab(), static_cast<uint32_t>(slot), slab.slots[slot].generation);
}

void Heap::Free(Ref ref) {
  const bool is_unrounded = Injected(fault_, Fault::SlabFreeUnrounded);
  // Freed twice, or in a neighbour's place before.
  if ((is_unrounded || (SLABHOUND_FAULTS && is_unchecked_)) && !IsSound(ref)) return;
  if (is_unrounded) ref = Freed(ref);
  CHECK(ref.is_object() && IsSound(ref));
  live_.Erase(IndexOf(ref));
  --live_count_;
  if (slabs_[ref.slab()].size_class == kLargeClass) {
    FreeRun(ref.slab());
  } else {
    FreeSlot(ref.slab(), ref.slot());
  }
}

void Heap::FreeSlot(uint32_t slab_index, uint32_t slot) {
  Slab& slab = slabs_[slab_index];
  Slot& state = slab.slots[slot];
  state.live = 0;
  if (!SLABHOUND_FAULTS || !is_unchecked_)
    std::memset(AddressOf(slab_index, slot), kPoisonByte, slab.slot_bytes);
  if (state.generation == Ref::kGenerationMax) {
    state.retired = 1;
    return;
  }
  ++state.generation;
  const uint32_t place = slab_index << Ref::kSlotBits | slot;
  uint32_t& head = free_lists_[slab.size_class];
  uint32_t& end = free_list_ends_[slab.size_class];
  if (reuse_ == Reuse::Lifo || head == kNoSlot) {
    if (head == kNoSlot) end = place;
    state.next_free = std::exchange(head, place);
    return;
  }
  state.next_free = kNoSlot;
  slabs_[SlabOf(end)].slots[SlotOf(end)].next_free = place;
  end = place;
}

void Heap::FreeRun(uint32_t slab_index) {
  const uint32_t count = slabs_[slab_index].run_slabs;
  const uint32_t generation = slabs_[slab_index].slots[0].generation;
  bytes_in_use_ -= uint64_t{count} * kSlabBytes;
  std::memset(base_ + uint64_t{slab_index} * kSlabBytes, kPoisonByte, uint64_t{count} * kSlabBytes);
  for (uint32_t i = 0; i < count; ++i) {
    Slab& part = slabs_[slab_index + i];
    part.generation_floor =
        std::max(part.generation_floor, i == 0 ? generation + 1 : part.generation_floor);
    part.size_class = kUnused;
    part.slot_count = part.slot_count_max = 0;
    part.run_slabs = 1;
    part.slots.clear();
    // A slab whose generations ran out is never used again.
    if (part.generation_floor < Ref::kGenerationMax) {
      const uint32_t index = slab_index + i;
      free_slabs_.insert(std::ranges::lower_bound(free_slabs_, index, std::greater<>()), index);
    }
  }
}

}  // namespace slabhound::heap
