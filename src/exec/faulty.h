// Where faults of the interpreter act: each function gives what is right, unless its fault is
// injected. In a build without faults nothing else is left of them. Internal to exec.
#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "exec/vm.h"
#include "heap/active_fault.h"

namespace slabhound::exec {

// The faulty ones (faulty.cc); `right` is what a sound engine would give.
bool FaultyMatches(Vm& vm, const Op* pc, uint64_t word, bool right);
bool FaultyBranchMatches(Vm& vm, uint64_t word, bool right);
uint64_t FaultyI31(Vm& vm, uint32_t value, uint64_t right);
uint64_t FaultyCopy(Vm& vm, const Op* pc, uint64_t right);
uint64_t FaultyLoad(Vm& vm, const Op* pc, uint64_t object, uint64_t right);
void FaultyStore(Vm& vm, const Op* pc, uint64_t object);
void FaultyEntry(Vm& vm);
bool FaultyStoreIsUnseen(Vm& vm, heap::Fault fault, const uint8_t* to, uint64_t word);
uint32_t FaultyLength(Vm& vm, wasm::TypeId type, uint32_t length);

// Whether the reference of a ref.test or ref.cast matches; a panic stops the run.
inline bool Matches(Vm& vm, const Op* pc, uint64_t word, wasm::ValType type) {
  const bool right = vm.objects().Matches(heap::Ref::FromWord(word), type);
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyMatches(vm, pc, word, right);
  return right;
}
// Whether that of a br_on_cast does.
inline bool BranchMatches(Vm& vm, uint64_t word, wasm::ValType type) {
  const bool right = vm.objects().Matches(heap::Ref::FromWord(word), type);
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyBranchMatches(vm, word, right);
  return right;
}
inline uint64_t I31(Vm& vm, uint32_t value) {
  const uint64_t right = heap::Ref::I31(value).word();
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyI31(vm, value, right);
  return right;
}
// A reference that is copied; into extern, where the op says so.
inline uint64_t Copied(Vm& vm, const Op* pc, uint64_t word) {
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyCopy(vm, pc, word);
  return word;
}
// A number out of the field of a struct, where `word` is now.
inline uint64_t Loaded(Vm& vm, const Op* pc, uint64_t object, uint64_t word) {
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyLoad(vm, pc, object, word);
  return word;
}
// A number went into the field of a struct.
inline void Stored(Vm& vm, const Op* pc, uint64_t object) {
  if constexpr (SLABHOUND_FAULTS != 0) FaultyStore(vm, pc, object);
}
// Whether a reference that goes into an object at `to` is kept from the barriers, by the fault that
// acts on such stores.
inline bool IsStoreUnseen(Vm& vm, heap::Fault fault, const uint8_t* to, uint64_t word) {
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyStoreIsUnseen(vm, fault, to, word);
  return false;
}
// Likewise by struct.set of the field at `offset`, or by array.set, where only references of
// concrete types are told.
inline bool IsSetUnseen(Vm& vm, wasm::TypeId type, uint64_t offset, const uint8_t* to,
                        uint64_t word) {
  if constexpr (SLABHOUND_FAULTS != 0) {
    const heap::Layout& layout = vm.objects().LayoutOf(type);
    const auto field = layout.is_array
                           ? layout.fields.begin()
                           : std::ranges::find(layout.fields, offset, &heap::FieldLayout::offset);
    return field != layout.fields.end() && !field->type.heap().is_index() &&
           FaultyStoreIsUnseen(vm, heap::Fault::BarrierConcreteOnly, to, word);
  }
  return false;
}
// How many elements an array gets for which so many are asked.
inline uint32_t LengthGiven(Vm& vm, wasm::TypeId type, uint32_t length) {
  if constexpr (SLABHOUND_FAULTS != 0) return FaultyLength(vm, type, length);
  return length;
}
// Whether a packed field at `to` is written as 32 bits, which stay within its slot.
template <typename T>
bool IsWide(Vm& vm, const uint8_t* to, uint64_t word) {
  if constexpr (SLABHOUND_FAULTS != 0 && sizeof(T) < 4) {
    constexpr unsigned kBits = 8 * sizeof(T);
    constexpr uintptr_t kGranule = heap::kSlotBytes.front();
    return reinterpret_cast<uintptr_t>(to) % kGranule <= kGranule - sizeof(uint32_t) &&
           heap::Active(vm.config().fault, heap::Fault::PackedStoreWidth,
                        LoadLittle<uint32_t>(to) >> kBits != static_cast<uint32_t>(word) >> kBits);
  }
  return false;
}
// A frame begins.
inline void Entered(Vm& vm) {
  if constexpr (SLABHOUND_FAULTS != 0) FaultyEntry(vm);
}

}  // namespace slabhound::exec
