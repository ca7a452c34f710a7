// What a rule of execution says when it is done: go on, or why the run ends or unwinds.
#pragma once

#include <cstdint>

#include "machine/outcome.h"

namespace slabhound::oracle {

class [[nodiscard]] Step {
 public:
  enum class Kind : uint8_t {
    Next,       // on to the next instruction
    Done,       // the activation's outermost function returned
    Trap,       // spec 4.6, trap
    Throw,      // an exception, in Thread::exception, looks for its handler
    Exhausted,  // a limit of the machine
    Needs,      // likewise: an instruction that is not run
    Panic,      // a host function's panic, in Thread::panic
  };

  static constexpr Step Next() { return Step(Kind::Next, 0); }
  static constexpr Step Done() { return Step(Kind::Done, 0); }
  static constexpr Step Throw() { return Step(Kind::Throw, 0); }
  static constexpr Step Panic() { return Step(Kind::Panic, 0); }
  static constexpr Step Trap(machine::TrapKind trap) {
    return Step(Kind::Trap, static_cast<uint16_t>(trap));
  }
  static constexpr Step Exhausted(machine::Resource resource) {
    return Step(Kind::Exhausted, static_cast<uint16_t>(resource));
  }
  // The run needs an instruction that is not run (machine/machine.h, F11).
  static constexpr Step Needs(wasm::Opcode op) {
    return Step(Kind::Needs, static_cast<uint16_t>(op));
  }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is_next() const { return kind_ == Kind::Next; }
  constexpr machine::TrapKind trap() const { return static_cast<machine::TrapKind>(detail_); }
  // Requires: Exhausted or Needs.
  constexpr machine::Exhausted exhausted() const {
    if (kind_ == Kind::Exhausted) return {static_cast<machine::Resource>(detail_)};
    return {machine::Resource::Instruction, static_cast<wasm::Opcode>(detail_)};
  }

 private:
  constexpr Step(Kind kind, uint16_t detail) : kind_(kind), detail_(detail) {}
  Kind kind_;
  uint16_t detail_;
};

}  // namespace slabhound::oracle

// Leaves the enclosing rule with this step unless it is Next.
#define STEP(expression)                                       \
  do {                                                         \
    const ::slabhound::oracle::Step step_taken = (expression); \
    if (!step_taken.is_next()) return step_taken;              \
  } while (false)
