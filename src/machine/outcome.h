// What can come out of running Wasm: results, or one of four ways to fail, each a value of its own
// type.
//
// 1. Trap is Wasm semantics. Thrown is an exception that nobody caught. Exhausted is a resource
//    limit and says nothing about the program. Panic is an engine's own integrity check; it is
//    always a bug of the engine.
// 2. References inside a Value are handles of the Machine that made them (see machine.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wasm/opcode.h"
#include "wasm/types.h"
#include "wasm/vector.h"

namespace slabhound::machine {

enum class TrapKind : uint8_t {
#define SLABHOUND_TRAP(name, ...) name,
#include "machine/traps.def"
};
std::string_view TrapName(TrapKind kind);    // the enumerator
std::string_view TrapPhrase(TrapKind kind);  // the specification's words

// Instruction: the run has come to one that no engine of this process runs.
enum class Resource : uint8_t { Fuel, CallDepth, ObjectSize, HugeObject, Heap, Instruction };
// "fuel", "call-depth", "object-size", "huge-object", "heap", "instruction"
std::string_view ResourceName(Resource resource);

enum class RefKind : uint8_t { Null, I31, Func, Host, Struct, Array, Exn };

// A reference as an embedder holds it.
struct Ref {
  RefKind kind = RefKind::Null;
  // I31: the 31 bits, zero-extended. Func: the function's address. Host: the host object's number
  // (the same object as extern and, converted, as any). Struct, Array, Exn: a handle. Null: 0.
  uint32_t payload = 0;
  friend bool operator==(const Ref&, const Ref&) = default;
};

struct Value {
  wasm::ValType type;  // canonical; of a reference, the static type it was observed at
  uint64_t bits = 0;   // numbers: I32 and F32 in the low half, zero-extended; v128: the lower half
  Ref ref;             // references
  uint64_t high = 0;   // v128: the upper half

  static Value I32(uint32_t value) { return {wasm::ValType::I32, value, {}}; }
  static Value I64(uint64_t value) { return {wasm::ValType::I64, value, {}}; }
  static Value F32Bits(uint32_t bits) { return {wasm::ValType::F32, bits, {}}; }
  static Value F64Bits(uint64_t bits) { return {wasm::ValType::F64, bits, {}}; }
  static Value Vector(wasm::V128 vector) {
    return {wasm::ValType::V128, vector.low, {}, vector.high};
  }
  static Value Reference(wasm::ValType type, Ref ref) { return {type, 0, ref}; }

  wasm::V128 vector() const { return {bits, high}; }  // Requires: a v128
};

struct Returned {
  std::vector<Value> values;
};
struct Trap {
  TrapKind kind;
};
struct Thrown {
  Ref exception;  // RefKind::Exn
};
struct Exhausted {
  Resource resource;
  wasm::Opcode needs = wasm::Opcode::Nop;  // Instruction
};
struct Panic {
  std::string kind;  // stable text, part of signatures: "id from different slab", "stale id", "heap
                     // invariant 3" …
  std::string detail;    // for people
  bool is_leak = false;  // nothing is wrong but that memory is kept
};

using Outcome = std::variant<Returned, Trap, Thrown, Exhausted, Panic>;
// Running without results: instantiation's failures.
using Failure = std::variant<Trap, Thrown, Exhausted, Panic>;

}  // namespace slabhound::machine
