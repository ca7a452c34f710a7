// The class of what happened in an event: what of it survives minimization, so that a finding can
// be recognized in a smaller case. Each class has a name of its own.
#pragma once

#include <cstdint>
#include <string>

#include "trace/trace.h"

namespace slabhound::trace {

enum class ClassKind : uint8_t {
  Nothing,  // there is no event
  Instantiated,
  Returned,
  Trapped,  // with a set of traps
  Threw,
  Exhausted,  // with a limit
  Refused,
  Rejected,
  NotCalled,
  Uncaught,
  Unreadable,
  WrongObject,
  Failed,
  Misjudged,
  Imported,
  State
};

struct OutcomeClass {
  ClassKind kind = ClassKind::Nothing;
  TrapSet traps = {};
  Limit limit = Limit::Fuel;
  friend bool operator==(const OutcomeClass&, const OutcomeClass&) = default;
};

OutcomeClass ClassOf(const Happening& happening);

// "returns", "trap CastFailure", "exhausted fuel", "uncaught exception", "unreadable log", …
std::string ClassText(const OutcomeClass& outcome);

}  // namespace slabhound::trace
