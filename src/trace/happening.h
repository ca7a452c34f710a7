// What happened in one event of a trace, as a value: a variant of one type for each kind of thing
// that an engine, the host or a worker does. Text is made of it for people, and read by nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "trace/failure.h"
#include "trace/told.h"
#include "trace/trap_set.h"

namespace slabhound::trace {

// What ran out. Fuel, call depth and the size of one object are counted alike by every engine; all
// others end the comparison.
enum class Limit : uint8_t {
  Fuel,
  CallDepth,
  ObjectSize,  // of one that the module asked for
  HugeObject,  // the same, beyond any budget
  Heap,
  // Of the engine or its worker.
  Stack,
  Memory,
  Allocation,  // one object is too large
  OwnFuel,
  Time,
  SlowCompile,
  Log,          // it was longer than what is kept of it
  Exceptions,   // one within an import that catches, in a form without exceptions
  Instruction,  // one that the engines of this process do not run
  Other
};
std::string_view LimitText(Limit limit);  // "fuel", "host limit (stack)", …
Limit LimitOf(machine::Resource resource);
// "SIMD: i8x16.shuffle": the feature that the engines of this process lack, and the instruction.
std::string NeedsText(wasm::Opcode op);
inline bool CountedAlike(Limit limit) { return limit <= Limit::HugeObject; }

// How an instantiation or a call ended.
struct Instantiated {
  friend bool operator==(const Instantiated&, const Instantiated&) = default;
};
struct Returned {
  std::vector<Told> values = {};
  friend bool operator==(const Returned&, const Returned&) = default;
};
struct Trapped {
  TrapSet traps;
  friend bool operator==(const Trapped&, const Trapped&) = default;
};
struct Threw {
  Told exception;
  friend bool operator==(const Threw&, const Threw&) = default;
};
struct Exhausted {
  Limit limit = Limit::Fuel;
  wasm::Opcode needs = wasm::Opcode::Nop;  // Limit::Instruction
  friend bool operator==(const Exhausted&, const Exhausted&) = default;
};
// An import that cannot be had, so that the case cannot run anywhere.
struct Refused {
  std::string reason;
  friend bool operator==(const Refused&, const Refused&) = default;
};
// The engine takes a valid module for none.
struct Rejected {
  std::string reason;  // in its words
  friend bool operator==(const Rejected&, const Rejected&) = default;
};
// The plan's call is not made.
struct NotCalled {
  bool exported = false;  // it is, but a parameter admits no argument
  friend bool operator==(const NotCalled&, const NotCalled&) = default;
};
// An exception came out of a portable form, which lets none out.
struct Uncaught {
  friend bool operator==(const Uncaught&, const Uncaught&) = default;
};
// A log that no portable form writes.
struct Unreadable {
  uint64_t word = 0;                  // where
  std::optional<TrapSet> traps = {};  // the step trapped behind it
  friend bool operator==(const Unreadable&, const Unreadable&) = default;
};
// An object beyond the budget came out as another one than was asked for: null, of another length,
// or not filled.
struct WrongObject {
  friend bool operator==(const WrongObject&, const WrongObject&) = default;
};
// The engine is broken; the trace's failure says more.
struct Failed {
  FailureKind kind = FailureKind::Panic;
  std::string message;  // as in Failure
  friend bool operator==(const Failed&, const Failed&) = default;
};
// A self-checking module ended the wrong way under a plain command.
struct Misjudged {
  bool traps = false;  // it must
  std::string text;    // how it ended, for people
  friend bool operator==(const Misjudged&, const Misjudged&) = default;
};

// A call of an import.
struct Imported {
  std::vector<Told> arguments = {};
  friend bool operator==(const Imported&, const Imported&) = default;
};

// Parts of the final state.
struct GlobalState {
  Told value;
  friend bool operator==(const GlobalState&, const GlobalState&) = default;
};
struct TableState {
  uint64_t elements = 0, hash = 0;  // of the walk up to its end
  friend bool operator==(const TableState&, const TableState&) = default;
};
struct MemoryState {
  uint64_t bytes = 0, hash = 0;
  friend bool operator==(const MemoryState&, const MemoryState&) = default;
};
struct ObjectsState {
  uint64_t count = 0, hash = 0;  // of the whole walk
  friend bool operator==(const ObjectsState&, const ObjectsState&) = default;
};

using Happening = std::variant<Instantiated, Returned, Trapped, Threw, Exhausted, Refused, Rejected,
                               NotCalled, Uncaught, Unreadable, WrongObject, Failed, Misjudged,
                               Imported, GlobalState, TableState, MemoryState, ObjectsState>;

// One line, for people.
std::string HappeningText(const Happening& happening);

}  // namespace slabhound::trace
