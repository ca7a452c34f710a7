// What a predicate says of a test case: at once, or later of one that it still looks at.
//
// 1. An answer that is dropped is given up: what looks for it (a command) is ended.
// 2. An outcome that is there stays the same.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "base/deadline.h"

namespace slabhound::minimizer {

enum class Outcome : uint8_t {
  Interesting,
  NotInteresting,
  Slipped,     // it shows what should be kept, for another reason
  TimedOut,    // it took longer than the predicate allows
  NotStarted,  // the predicate could not be asked
  GivenUp,     // the whole minimization was stopped meanwhile
};

// A predicate that looks at a test case. The destructor gives it up.
class Question {
 public:
  virtual ~Question() = default;
  virtual std::optional<Outcome> Wait(Deadline deadline) = 0;
};

class Answer {
 public:
  Answer(Outcome outcome) : state_(outcome) {}
  Answer(bool interesting) : state_(interesting ? Outcome::Interesting : Outcome::NotInteresting) {}
  explicit Answer(std::unique_ptr<Question> question) : state_(std::move(question)) {}

  // Nothing when it is not there by the deadline.
  std::optional<Outcome> Wait(Deadline deadline);
  // Waits for it, however long that takes.
  bool IsInteresting() { return Wait(Deadline::max()) == Outcome::Interesting; }
  bool IsThere() { return Wait(Deadline()).has_value(); }

 private:
  std::variant<Outcome, std::unique_ptr<Question>> state_;
};

}  // namespace slabhound::minimizer
