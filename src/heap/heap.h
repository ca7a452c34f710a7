// The slab heap: objects in slots of slabs, named by generation-checked ids.
//
// Invariants, numbered as `Verify` checks and reports them:
// 1. Every slab in use serves one size class, or is the head or a part of one large object's run.
// 2. Each slot of a slab is exactly one of: live, free (on its class's free list, once), retired,
// or never used.
// 3. A live slot's header is valid: a known type or tag of the header's kind, and a size that fits
// the slot.
// 4. Every traced field of a live object is null, an i31, a live host object or a live object.
// 5. Every function reference in a live object is an index of the function table.
// 6. Counters and sets agree with the slots: live objects, bytes in use; no mark is set outside a
// collection.
//
// Every access goes through Deref, which checks the id: slab or slot that does not exist → `id from
// different slab`; a slot that is free or has another generation → `stale id`. The first failed
// check is kept in panic(). Freed slots are poisoned and reused last-in-first-out, so that a lost
// reference meets its successor soon. The heap decides nothing about when to collect; see
// gc/collector.h.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "heap/arena.h"
#include "heap/host_table.h"
#include "heap/layout.h"
#include "heap/panic.h"
#include "heap/ref.h"
#include "heap/size_class.h"

namespace slabhound::heap {

inline constexpr uint8_t kPoisonByte = 0x5a;

class Heap {
 public:
  // Uses the first `bytes_max` bytes of the arena. Requires: the arena outlives the
  // heap.
  Heap(Arena& arena, const wasm::TypeStore& types, uint64_t bytes_max);
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  LayoutTable& layouts() { return layouts_; }
  HostTable& hosts() { return hosts_; }
  void set_function_count(uint32_t count) { function_count_ = count; }

  // A zeroed object, its header set; null when the heap is full. The caller writes the fields
  // before anything else can happen: zero is a valid value of every field type.
  Ref AllocateStruct(wasm::TypeId type);
  Ref AllocateArray(wasm::TypeId type, uint32_t length);
  Ref AllocateException(uint32_t tag);

  // The object's first byte; nullptr after a failed check, with panic() set.
  uint8_t* Deref(Ref ref) {
    if (ref.is_object()) [[likely]] {
      const uint32_t slab_index = ref.slab();
      if (slab_index < slabs_.size()) [[likely]] {
        const Slab& slab = slabs_[slab_index];
        const uint32_t slot = ref.slot();
        if (slot < slab.slot_count) [[likely]] {
          const Slot& state = slab.slots[slot];
          if (state.live && state.generation == ref.generation()) [[likely]] {
            return base_ + uint64_t{slab_index} * kSlabBytes + uint64_t{slot} * slab.slot_bytes;
          }
        }
      }
    }
    return DerefFailed(ref);
  }
  static Header& HeaderOf(uint8_t* object) { return *reinterpret_cast<Header*>(object); }

  const std::optional<Panic>& panic() const { return panic_; }
  void RaisePanic(PanicKind kind, std::string detail);

  uint64_t bytes_in_use() const { return bytes_in_use_; }  // of slabs
  uint64_t live_count() const { return live_count_; }

  // The write barrier contract: the first store to a field of a new object, and an overwrite.
  // Collectors that need neither cost nothing; every store of a traced reference goes through one
  // of these two.
  void InitializeRef(uint8_t* object, uint32_t offset, Ref value) {
    StoreWord(object + offset, value);
  }
  void OverwriteRef(uint8_t* object, uint32_t offset, Ref value) {
    StoreWord(object + offset, value);
  }

  // For collectors: marks what a reference names. The object, when it was not marked before;
  // nullptr otherwise, also for what holds no references. A bad id sets panic().
  uint8_t* Mark(Ref ref) {
    if (ref.is_null() || ref.is_i31()) return nullptr;
    if (ref.is_host()) {
      MarkHost(ref);
      return nullptr;
    }
    uint8_t* object = Deref(ref);
    if (object == nullptr) return nullptr;
    uint64_t& marks = slabs_[ref.slab()].sets[ref.slot() / 64].marked;
    const uint64_t bit = uint64_t{1} << (ref.slot() % 64);
    if ((marks & bit) != 0) return nullptr;
    marks |= bit;
    return object;
  }
  // Calls `visit` with each traced word of a live object; how many there are.
  template <typename Visit>
  uint64_t ForEachRef(uint8_t* object, Visit visit) {
    const Header& header = HeaderOf(object);
    if (static_cast<ObjectKind>(header.kind) == ObjectKind::Array) {
      const Layout& layout = layouts_.Of(static_cast<wasm::TypeId>(header.type));
      if (layout.refs.empty()) return 0;
      for (uint32_t i = 0; i < header.length; ++i)
        visit(LoadWord(object + kHeaderBytes + uint64_t{i} * 8));
      return header.length;
    }
    const Layout& layout = LayoutOfHeader(header);
    for (const uint32_t offset : layout.refs) visit(LoadWord(object + offset));
    return layout.refs.size();
  }
  // Frees every unmarked object and clears all marks; returns how many slots it saw.
  uint64_t Sweep();

  // Walks the whole heap; the first broken invariant is the panic.
  void Verify();

  const Layout& LayoutOfHeader(const Header& header) {
    return static_cast<ObjectKind>(header.kind) == ObjectKind::Exn
               ? layouts_.OfTag(header.type)
               : layouts_.Of(static_cast<wasm::TypeId>(header.type));
  }

 private:
  friend class HeapPeer;  // tests that break an invariant on purpose

  struct Slot {
    uint32_t generation : 24 = 1;
    uint32_t live : 1 = 0;
    uint32_t retired : 1 = 0;
    uint32_t next_free = kNoSlot;  // slab << 16 | slot
  };
  // What a sweep asks about 64 slots at once; `live` says the same as theirs.
  struct SlotSet {
    uint64_t live = 0, marked = 0;
  };
  struct Slab {
    uint8_t size_class = kUnused;
    uint32_t slot_bytes = 0;
    uint32_t slot_count = 0;  // slots handed out so far; ids beyond are foreign
    uint32_t slot_count_max = 0;
    uint32_t run_slabs = 1;  // a large object's slabs, at its first
    uint32_t generation_floor = 1;
    std::vector<Slot> slots;
    std::vector<SlotSet> sets;  // by slot / 64
  };
  static constexpr uint32_t kNoSlot = UINT32_MAX;
  static constexpr uint8_t kUnused = 0xff, kRunPart = 0xfe;

  static Ref LoadWord(const uint8_t* from) {
    uint64_t word;
    __builtin_memcpy(&word, from, sizeof word);
    return Ref::FromWord(word);
  }
  static void StoreWord(uint8_t* to, Ref value) {
    const uint64_t word = value.word();
    __builtin_memcpy(to, &word, sizeof word);
  }

  Ref Allocate(uint64_t bytes, Header header);
  std::optional<uint32_t> AllocateSlot(uint8_t size_class);
  std::optional<uint32_t> AllocateRun(uint32_t slab_count);
  uint32_t SlabOf(uint32_t packed) const { return packed >> Ref::kSlotBits; }
  uint32_t SlotOf(uint32_t packed) const { return packed & 0xffff; }
  uint8_t* AddressOf(uint32_t slab, uint32_t slot) {
    return base_ + uint64_t{slab} * kSlabBytes + uint64_t{slot} * slabs_[slab].slot_bytes;
  }
  void FreeSlot(uint32_t slab, uint32_t slot);
  void FreeRun(uint32_t slab);
  uint8_t* DerefFailed(Ref ref);
  void MarkHost(Ref ref);
  uint64_t ObjectBytes(const Header& header);
  bool HeaderIsValid(const Header& header, const Slab& slab);
  bool VerifyObject(uint32_t slab, uint32_t slot);

  Arena& arena_;
  uint8_t* base_;
  uint64_t bytes_max_;
  LayoutTable layouts_;
  HostTable hosts_;
  std::vector<Slab> slabs_;
  std::array<uint32_t, kSizeClassCount> free_lists_;
  std::array<uint32_t, kSizeClassCount> open_slabs_;  // the slab of the class with slots never used
  std::vector<uint32_t> free_slabs_;                  // of freed runs, for single slabs
  uint64_t bytes_in_use_ = 0, live_count_ = 0;
  uint32_t function_count_ = 0;
  std::optional<Panic> panic_;
};

}  // namespace slabhound::heap
