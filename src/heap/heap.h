// The slab heap: objects in slots of slabs, named by generation-checked ids.
//
// Invariants, numbered as `Verify` checks and reports them:
// 1. Every slab in use serves one size class, or is the head or a part of one large object's run.
// 2. Each slot of a slab is exactly one of: live, free (on its class's free list, once), retired,
//    or never used.
// 3. A live slot's header is valid: a known type or tag of the header's kind, and a size that fits
//    the slot.
// 4. Every traced field of a live object is null, an i31, a live host object or a live object.
// 5. Every function reference in a live object is an index of the function table.
// 6. Counters and the set of live slots agree with the slots: live objects, bytes in use.
// 7. The extern table is consistent: an entry is live or free once, and found by its number.
// What is numbered from 8 on is a collector's own (gc/collector.h).
//
// Every access goes through Deref, which checks the id: slab or slot that does not exist → `id from
// different slab`; a slot that is free or has another generation → `stale id`. The first failed
// check is kept in panic(). Freed slots are poisoned and reused, in the order of settings.h.
//
// The heap decides neither when to collect nor how. It offers what any collector needs: barriers,
// traced fields by reference, live objects in order, freeing and copying one object, and an index
// of each slot for side tables that are the collector's own. What a collector owes is in
// gc/collector.h.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "heap/arena.h"
#include "heap/barriers.h"
#include "heap/fault.h"
#include "heap/host_table.h"
#include "heap/layout.h"
#include "heap/panic.h"
#include "heap/ref.h"
#include "heap/settings.h"
#include "heap/size_class.h"
#include "heap/slot_set.h"

namespace slabhound::heap {

inline constexpr uint8_t kPoisonByte = 0x5a;

class Heap {
 public:
  // Uses the first `bytes_max` bytes of the arena. Requires: the arena outlives the heap.
  Heap(Arena& arena, const wasm::TypeStore& types, uint64_t bytes_max,
       const Settings& settings = {}, Fault fault = Fault::None);
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  LayoutTable& layouts() { return layouts_; }
  HostTable& hosts() { return hosts_; }
  Fault fault() const { return fault_; }  // the injected one
  void set_function_count(uint32_t count) { function_count_ = count; }

  // A zeroed object, its header set; null when the heap is full. The caller writes the fields
  // before anything else can happen: zero is a valid value of every field type.
  Ref AllocateStruct(wasm::TypeId type);
  Ref AllocateArray(wasm::TypeId type, uint32_t length);
  Ref AllocateException(uint32_t tag);

  // The object's first byte; nullptr after a failed check, with panic() set.
  uint8_t* Deref(Ref ref) {
    if (IsLive(ref)) [[likely]]
      return AddressOf(ref.index());
    return DerefFailed(ref);
  }
  // Whether the id is a live object's. The kind bits come on top of the index, where no slot is.
  bool IsLive(Ref ref) const {
    const uint32_t index = std::rotr(static_cast<uint32_t>(ref.word()), 2);
    return index < index_end_ && slots_[index].state == ref.generation() &&
           ref.generation() <= Ref::kGenerationMax;  // no state of a slot that is not live
  }
  // Requires: IsLive.
  uint8_t* AddressOf(Ref ref) { return AddressOf(ref.index()); }
  static Header& HeaderOf(uint8_t* object) { return *reinterpret_cast<Header*>(object); }

  // Nothing is checked that can be left unchecked (unchecked.cc); in a build with faults only.
  bool is_unchecked() const { return is_unchecked_; }
  // Whether reading the object as one of `type`, which it is not, stays within its slot.
  bool HasRoomFor(Ref ref, wasm::TypeId type);

  // The number of a live host object; nothing after a failed check, with panic() set.
  std::optional<uint32_t> HostNumber(Ref ref);
  // Whether a traced word may stand in a live object: null, an i31, a live host object or object.
  bool IsSound(Ref ref) const;

  const std::optional<Panic>& panic() const { return panic_; }
  void RaisePanic(PanicKind kind, std::string detail);

  uint64_t bytes_max() const { return bytes_max_; }
  uint64_t bytes_in_use() const { return bytes_in_use_; }  // of slabs
  uint64_t live_count() const { return live_count_; }
  uint64_t reuse_count() const { return reuse_count_; }  // objects in slots that others had before
  uint64_t copy_count() const { return copy_count_; }    // by AllocateCopy

  // Traced references go into objects and come out of them through these three, so that barriers
  // see them; `field` is an address in `object`.
  void InitializeRef(Ref object, uint8_t* field, Ref value) {
    if (barriers_ != nullptr) [[unlikely]]
      barriers_->Initializing(object, value);
    FieldAt(field) = value;
  }
  void OverwriteRef(Ref object, uint8_t* field, Ref value) {
    if (barriers_ != nullptr) [[unlikely]]
      barriers_->Overwriting(object, FieldAt(field), value);
    FieldAt(field) = value;
  }
  Ref LoadRef(const uint8_t* field) const {
    const Ref value = FieldAt(field);
    if (barriers_ != nullptr) [[unlikely]]
      barriers_->Loaded(value);
    return value;
  }

  // For collectors, from here on.

  // Requires: no object was allocated yet; they outlive every store and load.
  void set_barriers(Barriers* barriers) { barriers_ = barriers; }
  Barriers* barriers() const { return barriers_; }

  // Calls visit(Ref&) with each traced field of a live object, which it may rewrite; how many there
  // are.
  template <typename Visit>
  uint64_t ForEachRef(uint8_t* object, Visit visit) {
    const Header& header = HeaderOf(object);
    const Layout& layout = LayoutOfHeader(header);
    if (!layout.is_array) {
      for (const uint32_t offset : layout.refs) visit(FieldAt(object + offset));
      return layout.refs.size();
    }
    if (layout.refs.empty()) return 0;
    for (uint32_t i = 0; i < header.length; ++i)
      visit(FieldAt(object + kHeaderBytes + uint64_t{i} * sizeof(Ref)));
    return header.length;
  }

  // Side tables: a slot's index is below index_end(). It stays the slot's when an object is freed
  // and another one allocated there.
  static size_t IndexOf(Ref ref) { return ref.index(); }
  size_t index_end() const { return index_end_; }

  // Calls visit(Ref) with each live object whose index is not in `spared`, by ascending index; how
  // many slots it looked at. The visit may free the object, and allocates nothing.
  template <typename Visit>
  uint64_t ForEachLive(const SlotSet& spared, Visit visit) {
    uint64_t slots = 0;
    for (uint32_t slab = 0; slab < slabs_.size(); ++slab) {
      slots += slabs_[slab].slot_count;
      const auto [first, end] = WordsOf(slab);
      for (size_t word = first; word < end; ++word) {
        for (uint64_t rest = live_.word(word) & ~spared.word(word); rest != 0; rest &= rest - 1) {
          const auto index = static_cast<uint32_t>(word * 64) + std::countr_zero(rest);
          visit(Ref::Object(index, slots_[index].generation()));
        }
      }
    }
    return slots;
  }

  // Its id is stale from now on, its bytes are poison. Requires: the object is live.
  void Free(Ref ref);
  // The same for each live object whose index is not in `spared`, by ascending index; how many
  // slots it looked at.
  uint64_t FreeAllBut(const SlotSet& spared);

  // A new object with the same header and payload; null when the heap is full.
  Ref AllocateCopy(Ref ref);

  // Of header and payload.
  uint64_t ObjectBytes(const Header& header);

  // Walks the whole heap; the first broken invariant is the panic.
  void Verify();

  const Layout& LayoutOfHeader(const Header& header) {
    return static_cast<ObjectKind>(header.kind) == ObjectKind::Exn
               ? layouts_.OfTag(header.type)
               : layouts_.Of(static_cast<wasm::TypeId>(header.type));
  }

 private:
  friend class HeapPeer;  // tests that break an invariant on purpose

  static constexpr uint32_t kNoSlot = UINT32_MAX;
  static constexpr uint32_t kGranuleBytes = kSlotBytes.front();
  static constexpr uint32_t kGranulesPerSlab = kSlabBytes / kGranuleBytes;
  static_assert(kGranulesPerSlab == 1u << Ref::kSlotBits);
  static constexpr uint8_t kUnused = 0xff, kRunPart = 0xfe;

  // Where a slot could start. Its state is the generation of the object that lives there; what is
  // in no slot that was handed out, or in one that is free or retired, has a state that is none.
  struct Slot {
    static constexpr uint32_t kFree = 1u << 31, kRetired = 1u << 30, kNone = 1u << 29;
    uint32_t state = kNone;
    uint32_t next_free = kNoSlot;  // an index

    bool is_none() const { return state == kNone; }
    bool is_retired() const { return (state & kRetired) != 0; }
    bool is_live() const { return state <= Ref::kGenerationMax; }
    uint32_t generation() const { return state & Ref::kGenerationMax; }
  };
  struct Slab {
    uint8_t size_class = kUnused;
    uint32_t slot_bytes = 0;
    uint32_t slot_count = 0;  // slots handed out so far; ids beyond are foreign
    uint32_t slot_count_max = 0;
    uint32_t run_slabs = 1;  // a large object's slabs, at its first
    uint32_t generation_floor = 1;
    uint32_t slot_granules() const { return std::max(slot_bytes / kGranuleBytes, 1u); }
  };

  // Words of traced fields are 8-byte aligned: offsets are, and slots are by 16.
  static Ref& FieldAt(uint8_t* field) { return *reinterpret_cast<Ref*>(field); }
  static const Ref& FieldAt(const uint8_t* field) { return *reinterpret_cast<const Ref*>(field); }

  void Begin(Start start);
  void Fragment();
  Ref Allocate(uint64_t bytes, Header header);
  // The index of a zeroed slot that is not live yet; kNoSlot: the heap is full.
  uint32_t AllocateSlot(uint8_t size_class);
  uint32_t TakeFreed(uint8_t size_class);  // requires: there is one
  uint32_t TakeUnused(uint8_t size_class);
  uint32_t AllocateRun(uint32_t slab_count);
  void AddSlabs(uint32_t count);

  static uint32_t SlabOf(uint32_t index) { return index >> Ref::kSlotBits; }
  uint8_t* AddressOf(uint32_t index) { return base_ + uint64_t{index} * kGranuleBytes; }
  // Words of a set of indices that hold a slab's slots: the first, and the one behind them.
  std::pair<size_t, size_t> WordsOf(uint32_t slab) const {
    const size_t first = size_t{slab} * kGranulesPerSlab;
    const size_t granules = size_t{slabs_[slab].slot_count} * slabs_[slab].slot_granules();
    return {first / 64, (first + granules + 63) / 64};
  }

  Ref Freed(Ref ref);
  void FreeSlot(const Slab& slab, uint32_t index);
  void FreeRun(uint32_t slab);
  uint8_t* DerefFailed(Ref ref);
  uint8_t* DerefUnchecked(Ref ref);
  static uint64_t RoomOf(const Slab& slab) {
    return slab.size_class == kLargeClass ? uint64_t{slab.run_slabs} * kSlabBytes : slab.slot_bytes;
  }
  bool HeaderIsValid(const Header& header, const Slab& slab);
  bool VerifyFreeLists(SlotSet& listed, uint64_t& count);
  bool VerifySlot(uint32_t index, bool is_listed);
  bool VerifyObject(uint32_t index);

  Arena& arena_;
  uint8_t* base_;
  uint64_t bytes_max_;
  Fault fault_;
  Reuse reuse_;
  bool is_unchecked_;
  LayoutTable layouts_;
  HostTable hosts_;
  Barriers* barriers_ = nullptr;
  std::vector<Slab> slabs_;
  std::vector<Slot> slots_;  // by index
  size_t index_end_ = 0;     // how many those are
  SlotSet live_;             // says the same as the slots, for 64 at once
  std::array<uint32_t, kSizeClassCount> free_lists_;
  std::array<uint32_t, kSizeClassCount> free_list_ends_;  // the last slot of each that is not empty
  std::array<uint32_t, kSizeClassCount> open_slabs_;  // the slab of the class with slots never used
  std::vector<uint32_t> free_slabs_;                  // of freed runs, for single slabs
  uint64_t bytes_in_use_ = 0, live_count_ = 0;
  uint64_t reuse_count_ = 0, copy_count_ = 0;
  uint32_t function_count_ = 0;
  std::optional<Panic> panic_;
};

}  // namespace slabhound::heap
