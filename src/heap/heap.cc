#include "heap/heap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "heap/active_fault.h"

namespace slabhound::heap {
namespace {

// Slots are mostly small: sixteen bytes at a time, which may overlap, in place.
inline void FillSlot(uint8_t* slot, uint32_t bytes, uint8_t byte) {
  if (bytes > 64) {
    std::memset(slot, byte, bytes);
    return;
  }
  std::memset(slot, byte, 16);
  std::memset(slot + bytes - 16, byte, 16);
  if (bytes > 32) {
    std::memset(slot + 16, byte, 16);
    std::memset(slot + bytes - 32, byte, 16);
  }
}

}  // namespace

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
  const uint32_t index = ref.index();
  if (index >= index_end_ || slots_[index].is_none()) {
    RaisePanic(PanicKind::ForeignId,
               fmt::format("slab {}, slot {} does not exist", ref.slab(), ref.slot()));
    return nullptr;
  }
  const Slot& slot = slots_[index];
  RaisePanic(
      PanicKind::StaleId,
      fmt::format("slab {}, slot {}: generation {}, the slot {} at {}", ref.slab(), ref.slot(),
                  ref.generation(), slot.is_live() ? "is" : "was freed", slot.generation()));
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
  return IsLive(ref);
}

// The way of nearly every allocation, in one piece with what asks for it.
[[gnu::always_inline]] inline uint32_t Heap::TakeFreed(uint8_t size_class) {
  const uint32_t index = free_lists_[size_class];
  free_lists_[size_class] = slots_[index].next_free;
  ++reuse_count_;
  FillSlot(AddressOf(index), kSlotBytes[size_class], 0);
  return index;
}

[[gnu::always_inline]] inline uint32_t Heap::AllocateSlot(uint8_t size_class) {
  const uint32_t head = free_lists_[size_class];
  if (head == kNoSlot || reuse_ == Reuse::Quarantine) {
    const uint32_t unused = TakeUnused(size_class);
    if (unused != kNoSlot || head == kNoSlot) return unused;
  }
  return TakeFreed(size_class);
}

[[gnu::always_inline]] inline Ref Heap::Allocate(uint64_t bytes, Header header) {
  uint32_t index = kNoSlot;
  if (bytes <= kSmallBytesMax) [[likely]] {
    index = AllocateSlot(SizeClassOf(static_cast<uint32_t>(bytes)));
  } else if (bytes <= bytes_max_) {
    index = AllocateRun(static_cast<uint32_t>((bytes + kSlabBytes - 1) / kSlabBytes));
  }
  if (index == kNoSlot) return {};
  ++live_count_;
  live_.Insert(index);
  std::memcpy(AddressOf(index), &header, sizeof header);
  const Ref ref = Ref::Object(index, slots_[index].state &= Ref::kGenerationMax);
  if (barriers_ != nullptr) barriers_->Allocated(ref);
  return ref;
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
  if (copy.is_null()) return {};
  std::memcpy(AddressOf(copy.index()), object, bytes);
  ++copy_count_;
  return copy;
}

uint32_t Heap::TakeUnused(uint8_t size_class) {
  uint32_t& open = open_slabs_[size_class];
  if (open == kNoSlot || slabs_[open].slot_count == slabs_[open].slot_count_max) {
    uint32_t slab_index;
    if (!free_slabs_.empty()) {
      slab_index = free_slabs_.back();
      free_slabs_.pop_back();
    } else if ((slabs_.size() + 1) * uint64_t{kSlabBytes} <= bytes_max_) {
      slab_index = static_cast<uint32_t>(slabs_.size());
      AddSlabs(1);
    } else {
      return kNoSlot;
    }
    Slab& slab = slabs_[slab_index];
    slab.size_class = size_class;
    slab.slot_bytes = kSlotBytes[size_class];
    slab.slot_count = 0;
    slab.slot_count_max = kSlabBytes / slab.slot_bytes;
    slab.run_slabs = 1;
    bytes_in_use_ += kSlabBytes;
    open = slab_index;
  }
  Slab& slab = slabs_[open];
  const uint32_t index = (open << Ref::kSlotBits) + slab.slot_count++ * slab.slot_granules();
  slots_[index].state = slab.generation_floor;
  // The arena holds what an earlier heap or a freed run left.
  FillSlot(AddressOf(index), slab.slot_bytes, 0);
  return index;
}

void Heap::AddSlabs(uint32_t count) {
  slabs_.resize(slabs_.size() + count);
  index_end_ = slabs_.size() * kGranulesPerSlab;
  slots_.resize(index_end_);
  live_.Grow(index_end());
}

uint32_t Heap::AllocateRun(uint32_t slab_count) {
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
    if ((slabs_.size() + slab_count) * uint64_t{kSlabBytes} > bytes_max_) return kNoSlot;
    head = static_cast<uint32_t>(slabs_.size());
    AddSlabs(slab_count);
  }
  for (uint32_t i = 0; i < slab_count; ++i) {
    Slab& part = slabs_[head + i];
    part.size_class = i == 0 ? kLargeClass : kRunPart;
    part.slot_count = part.slot_count_max = i == 0 ? 1 : 0;
    part.slot_bytes = 0;  // the one slot starts at the slab
    part.run_slabs = i == 0 ? slab_count : 0;
  }
  const uint32_t index = head << Ref::kSlotBits;
  slots_[index].state = slabs_[head].generation_floor;
  bytes_in_use_ += uint64_t{slab_count} * kSlabBytes;
  std::memset(AddressOf(index), 0, uint64_t{slab_count} * kSlabBytes);
  return index;
}

// The fault: the live neighbour where an object of a size that is not rounded would stand.
Ref Heap::Freed(Ref ref) {
  const Slab& slab = slabs_[ref.slab()];
  const uint64_t bytes = ObjectBytes(HeaderOf(AddressOf(ref.index())));
  const uint64_t slot = ref.slot() * uint64_t{kGranuleBytes} / bytes;
  const uint64_t index = (ref.slab() << Ref::kSlotBits) + slot * slab.slot_granules();
  const bool is_live = index != ref.index() && slot < slab.slot_count && slots_[index].is_live();
  if (!Active(fault_, Fault::SlabFreeUnrounded, is_live)) return ref;
  return Ref::Object(static_cast<uint32_t>(index), slots_[index].state);
}

void Heap::Free(Ref ref) {
  const bool is_unrounded = Injected(fault_, Fault::SlabFreeUnrounded);
  // Freed twice, or in a neighbour's place before.
  if ((is_unrounded || (SLABHOUND_FAULTS && is_unchecked_)) && !IsSound(ref)) return;
  if (is_unrounded) ref = Freed(ref);
  CHECK(IsLive(ref));
  live_.Erase(ref.index());
  --live_count_;
  const Slab& slab = slabs_[ref.slab()];
  if (slab.size_class == kLargeClass) {
    FreeRun(ref.slab());
  } else {
    FreeSlot(slab, ref.index());
  }
}

uint64_t Heap::FreeAllBut(const SlotSet& spared) {
  if (Injected(fault_, Fault::SlabFreeUnrounded)) {
    return ForEachLive(spared, [this](Ref ref) {
      if (slots_[ref.index()].is_live()) Free(ref);  // else it went in a neighbour's place
    });
  }
  uint64_t slots = 0;
  for (uint32_t slab_index = 0; slab_index < slabs_.size(); ++slab_index) {
    const Slab& slab = slabs_[slab_index];
    slots += slab.slot_count;
    const auto [first, end] = WordsOf(slab_index);
    for (size_t word = first; word < end; ++word) {
      uint64_t dead = live_.word(word) & ~spared.word(word);
      if (dead == 0) continue;
      live_.EraseFrom(word, dead);
      live_count_ -= static_cast<uint64_t>(std::popcount(dead));
      if (slab.size_class == kLargeClass) {
        FreeRun(slab_index);
        break;
      }
      for (; dead != 0; dead &= dead - 1) {
        FreeSlot(slab, static_cast<uint32_t>(word * 64) + std::countr_zero(dead));
      }
    }
  }
  return slots;
}

void Heap::FreeSlot(const Slab& slab, uint32_t index) {
  Slot& slot = slots_[index];
  if (!SLABHOUND_FAULTS || !is_unchecked_) {
    FillSlot(AddressOf(index), slab.slot_bytes, kPoisonByte);
  }
  if (slot.generation() == Ref::kGenerationMax) {
    slot.state = Slot::kRetired | Ref::kGenerationMax;
    return;
  }
  slot.state = Slot::kFree | (slot.generation() + 1);
  uint32_t& head = free_lists_[slab.size_class];
  uint32_t& end = free_list_ends_[slab.size_class];
  if (reuse_ == Reuse::Lifo || head == kNoSlot) {
    if (head == kNoSlot) end = index;
    slot.next_free = std::exchange(head, index);
    return;
  }
  slot.next_free = kNoSlot;
  slots_[end].next_free = index;
  end = index;
}

void Heap::FreeRun(uint32_t slab_index) {
  const uint32_t count = slabs_[slab_index].run_slabs;
  Slot& slot = slots_[slab_index << Ref::kSlotBits];
  const uint32_t generation = slot.generation();
  slot.state = Slot::kNone;
  bytes_in_use_ -= uint64_t{count} * kSlabBytes;
  std::memset(base_ + uint64_t{slab_index} * kSlabBytes, kPoisonByte, uint64_t{count} * kSlabBytes);
  for (uint32_t i = 0; i < count; ++i) {
    Slab& part = slabs_[slab_index + i];
    part.generation_floor =
        std::max(part.generation_floor, i == 0 ? generation + 1 : part.generation_floor);
    part.size_class = kUnused;
    part.slot_count = part.slot_count_max = 0;
    part.run_slabs = 1;
    // A slab whose generations ran out is never used again.
    if (part.generation_floor < Ref::kGenerationMax) {
      const uint32_t index = slab_index + i;
      free_slabs_.insert(std::ranges::lower_bound(free_slabs_, index, std::greater<>()), index);
    }
  }
}

}  // namespace slabhound::heap
