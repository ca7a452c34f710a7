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
    Panic,      // a host function's panic, in Thread::panic
  };

  static constexpr Step Next() { return Step(Kind::Next, 0); }
  static constexpr Step Done() { return Step(Kind::Done, 0); }
  static constexpr Step Throw() { return Step(Kind::Throw, 0); }
  static constexpr Step Panic() { return Step(Kind::Panic, 0); }
  static constexpr Step Trap(machine::TrapKind trap) {
    return Step(Kind::Trap, static_cast<uint8_t>(trap));
  }
  static constexpr Step Exhausted(machine::Resource resource) {
    return Step(Kind::Exhausted, static_cast<uint8_t>(resource));
  }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is_next() const { return kind_ == Kind::Next; }
  constexpr machine::TrapKind trap() const { return static_cast<machine::TrapKind>(detail_); }
  constexpr machine::Resource resource() const { return static_cast<machine::Resource>(detail_); }

 private:
  constexpr Step(Kind kind, uint8_t detail) : kind_(kind), detail_(detail) {}
  Kind kind_;
  uint8_t detail_;
};

}  // namespace slabhound::oracle

// Leaves the enclosing rule with this step unless it is Next.
#define STEP(expression)                                       \
  do {                                                         \
    const ::slabhound::oracle::Step step_taken = (expression); \
    if (!step_taken.is_next()) return step_taken;              \
  } while (false)
