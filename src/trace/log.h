// What walks tell, word by word: the numbers that portable forms log and that the digests of
// in-process engines mix (trace/digest.h). Both sides read this file and no other.
//
//   number in a result or argument    its bits: i32 and f32 in the low half, zero-extended
//   number in a walk                  Number, its bits
//   v128 in a result or argument      its lower and its upper half
//   v128 in a walk                    Vector, its lower and its upper half
//   reference                         Null | I31 value | Func number | Host number | New | Seen
//                                     number | Cut; a walk gives objects the numbers 0, 1, … in the
//                                     order of their New
//   reference in a result or argument as above; behind a New the objects of its walk
//   object                            kind, type or tag, number of fields, then each field as a
//                                     reference, number or v128 in a walk; FieldsOut ends it early
//
// Events of a log are Import number arguments | Returns results | Throws exception | FuelOut |
// DepthOut | NotRun | HostTrap | Uncaught | Large … | BeyondSegment | State. The import's number
// counts imports of all kinds. NotRun is a call for which no fuel was left; HostTrap a logged
// import with a result of no default; Uncaught is an exception within an import that catches, in a
// form without exceptions. Large comes before an object beyond the budget is asked for, Huge before
// one beyond any; LargeMade when the engine gave one, and LargeRight or LargeWrong when that was
// looked at; then the step traps. BeyondSegment comes before an array of more elements than its
// segment ever had is asked for.
// Behind State comes each exported global, table and memory, told once under its first name: a
// global as a field is; a table as its size and elements; a memory as its bytes and MemoryHash, all
// numbers as in a walk; then the objects of the walk.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/hash.h"
#include "wasm/type_store.h"

namespace slabhound::trace {

enum class Word : uint64_t { Null = 1, I31, Func, Host, Seen, New, Cut, Number, FieldsOut, Vector };
enum class NodeKind : uint64_t { Struct = 4, Array, Exn, Unknown };
enum class EventWord : uint64_t {
  Import = 32,
  Returns,
  Throws,
  FuelOut,
  DepthOut,
  NotRun,
  HostTrap,
  State,
  Uncaught,
  Large,
  Huge,
  LargeMade,
  LargeRight,
  LargeWrong,
  BeyondSegment
};

// Bounds of one walk: objects, and the fields of all walks of results and arguments together; then
// those of the final state. The search for an object that was seen is linear in Wasm.
inline constexpr uint32_t kValueObjectsMax = 256;
inline constexpr uint32_t kValueFieldsMax = 50'000;
inline constexpr uint32_t kStateObjectsMax = 2'000;
inline constexpr uint32_t kStateFieldsMax = 50'000;

// Wasm cannot compare functions. One whose parameters and results all have defaults can be called
// and asked for its number; any other is told by its type.
inline bool TellsItsNumber(const wasm::FuncType& type) {
  for (const wasm::ValType each : type.params) {
    if (!each.is_defaultable()) return false;
  }
  for (const wasm::ValType each : type.results) {
    if (!each.is_defaultable()) return false;
  }
  return true;
}
inline constexpr uint64_t kFunctionType = uint64_t{1} << 32;
// The number of a function in a walk. `type` is its canonical type.
inline uint64_t FunctionWord(const wasm::TypeStore& types, wasm::TypeId type, uint32_t index) {
  const auto& signature = std::get<wasm::FuncType>(types[type].composite);
  return TellsItsNumber(signature) ? index : kFunctionType | static_cast<uint32_t>(type);
}

// Of a memory: its eight-byte words that are not zero, with their addresses. Requires: the size is
// a multiple of eight. Chunks of one go one after another: where each starts, and the hash so far.
uint64_t MemoryHash(ByteSpan bytes, uint64_t start = 0, uint64_t hash = 0);

// Of the words of one log.
uint64_t LogHash(std::span<const uint64_t> words);

}  // namespace slabhound::trace
