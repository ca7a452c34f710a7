// Ref: a reference as the slab engine holds it in registers and fields. An id, never a pointer.
//
// 1. One 64-bit word. 0 is null; the low bits say the kind: …1 an i31, …00 an object of the slab
//    heap, …10 a host object of the extern table.
// 2. An object's id is (slab, slot, generation), a host object's (index, generation). Generations
//    start at 1, so no id is 0, and grow each time a slot is freed, so an id never comes back.
//    A slot is named by where it starts: so many times 16 bytes into its slab.
// 3. Converting between extern and any keeps the word: identity survives.
// Function references are not Refs: they are indices into the machine's function table, small
// integers checked at every use, 0 for null.
#pragma once

#include <compare>
#include <cstdint>

namespace slabhound::heap {

class Ref {
 public:
  static constexpr unsigned kSlotBits = 10, kSlabBits = 20, kGenerationBits = 24;
  static constexpr uint32_t kGenerationMax = (1u << kGenerationBits) - 1;

  constexpr Ref() = default;
  static constexpr Ref FromWord(uint64_t word) { return Ref(word); }
  static constexpr Ref I31(uint32_t value) { return Ref(uint64_t{value & 0x7fffffffu} << 1 | 1); }
  static constexpr Ref Object(uint32_t slab, uint32_t slot, uint32_t generation) {
    return Object(slab << kSlotBits | slot, generation);
  }
  static constexpr Ref Object(uint32_t index, uint32_t generation) {
    return Ref(uint64_t{generation} << kGenerationAt | uint64_t{index} << 2);
  }
  static constexpr Ref Host(uint32_t index, uint32_t generation) {
    return Ref(uint64_t{generation} << kGenerationAt | uint64_t{index} << 2 | 2);
  }

  constexpr uint64_t word() const { return word_; }
  constexpr bool is_null() const { return word_ == 0; }
  constexpr bool is_i31() const { return (word_ & 1) != 0; }
  constexpr bool is_host() const { return (word_ & 3) == 2; }
  constexpr bool is_object() const { return word_ != 0 && (word_ & 3) == 0; }
  constexpr uint32_t i31() const { return static_cast<uint32_t>(word_ >> 1) & 0x7fffffffu; }
  // Slab and slot in one number.
  constexpr uint32_t index() const { return static_cast<uint32_t>(word_) >> 2; }
  constexpr uint32_t slot() const { return index() & ((1u << kSlotBits) - 1); }
  constexpr uint32_t slab() const { return index() >> kSlotBits; }
  constexpr uint32_t host_index() const { return index(); }
  // With what stands above it, which is 0 in a sound id.
  constexpr uint32_t generation() const { return static_cast<uint32_t>(word_ >> kGenerationAt); }
  friend constexpr auto operator<=>(Ref, Ref) = default;

 private:
  static constexpr unsigned kGenerationAt = 32;
  static_assert(2 + kSlotBits + kSlabBits == kGenerationAt);

  constexpr explicit Ref(uint64_t word) : word_(word) {}
  uint64_t word_ = 0;
};

}  // namespace slabhound::heap
