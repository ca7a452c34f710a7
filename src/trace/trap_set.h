// What an engine's trap may be: one kind, or several where the engine tells it less exactly.
//
// 1. Two sets agree when some trap is in both: comparison is as coarse as the coarser engine.
// 2. The text is the names in the order of machine/traps.def with | between them; any trap at all
//    is `?`.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "machine/outcome.h"

namespace slabhound::trace {

class TrapSet {
 public:
  static constexpr TrapSet Any() { return TrapSet(~uint32_t{0}); }
  constexpr TrapSet() = default;
  constexpr TrapSet(machine::TrapKind kind) : bits_(Bit(kind)) {}  // NOLINT: a kind is a set
  constexpr TrapSet(std::initializer_list<machine::TrapKind> kinds) {
    for (const machine::TrapKind kind : kinds) bits_ |= Bit(kind);
  }

  bool Has(machine::TrapKind kind) const { return (bits_ & Bit(kind)) != 0; }
  bool Agrees(TrapSet other) const { return (bits_ & other.bits_) != 0; }
  TrapSet With(machine::TrapKind kind) const { return TrapSet(bits_ | Bit(kind)); }
  // For storage.
  uint32_t bits() const { return bits_; }
  static TrapSet FromBits(uint32_t bits) { return TrapSet(bits); }
  std::string Text() const;
  friend bool operator==(TrapSet, TrapSet) = default;

 private:
  constexpr explicit TrapSet(uint32_t bits) : bits_(bits) {}
  static constexpr uint32_t Bit(machine::TrapKind kind) {
    return uint32_t{1} << static_cast<unsigned>(kind);
  }
  uint32_t bits_ = 0;
};

// Names of machine/traps.def with | between them, as a worker gives them; nothing known in it is
// any trap.
TrapSet ParseTraps(std::string_view names);

}  // namespace slabhound::trace
