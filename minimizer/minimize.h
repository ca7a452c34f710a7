// Minimization: the smallest test case that a predicate still calls interesting.
//
// 1. Deterministic: the same test case, predicate and candidates_max give the same result, with
//    however many jobs (reduction.h).
// 2. The predicate sees valid modules only; it must be deterministic too.
// 3. Whatever ends it (fix-point, candidates_max, the stop check), the result is the smallest
//    interesting test case seen; every step made it smaller (weight.h), so it ends.
// 4. Legacy exceptions are lowered first, as engines get them (testcase/prepared.h), unless the
//    predicate wants them as they are.
// 5. The input must be interesting, and the empty module must not be: a predicate that accepts
//    everything would "minimize" to nothing.
// 6. A large module is first cut by large pieces only; each round takes smaller ones (`Round` of
//    reduction.h). Then a kind of change that fails some times in a row waits until the others are
//    at their end. `complete` is said after a full round, in which nothing waits, nothing was
//    accepted and nothing cut short: what a start from there would try has been tried.
// How a test case gets smaller is said in reducers/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "minimizer/answer.h"
#include "testcase/testcase.h"

namespace slabhound::minimizer {

using Predicate = std::function<Answer(const testcase::TestCase&)>;

struct Counts {
  uint64_t proposed = 0;    // by reducers
  uint64_t candidates = 0;  // of those: smaller, new, valid, and so shown to the predicate
  uint64_t invalid = 0;
  uint64_t accepted = 0;
  uint64_t timed_out = 0, not_started = 0, slipped = 0;  // of the candidates
  uint32_t rounds = 0;

  Counts& operator+=(const Counts& other);
};

// What one reducer did to these counts.
struct Account {
  std::string_view reducer;
  Counts counts;
  uint64_t bytes = 0;  // that what it got accepted took away (weight.h)
};
void Add(std::vector<Account>& accounts, const std::vector<Account>& others);

// A candidate that was accepted.
struct Step {
  const testcase::TestCase& test_case;
  std::string_view reducer;
  uint64_t bytes_before = 0, bytes = 0;  // weight.h
  uint64_t candidates = 0;               // so far
};

// How far it is.
struct Progress {
  uint64_t bytes = 0;  // of the smallest so far (weight.h)
  const Counts& counts;
  std::string_view reducer;
  size_t place = 0, reducers = 0;  // the reducer's in the round, from 1, and how many that has
};

struct Options {
  uint64_t candidates_max = 200'000;  // calls of the predicate that count
  // Asked all the while: true ends it (time, Ctrl-C).
  std::function<bool()> stop = {};
  uint32_t jobs = 1;  // candidates that the predicate may look at at a time
  // Told all the while.
  std::function<void(const Progress&)> progress = {};
  // Told of each step: the smallest so far.
  std::function<void(const Step&)> accepted = {};
};

struct Minimized {
  testcase::TestCase test_case;
  Counts counts;
  bool complete = false;               // a fix-point was reached
  std::vector<Account> accounts = {};  // of the reducers that proposed anything, in their order
};

// The last two are of the first look at the input.
enum class FailureKind : uint8_t {
  Invalid,
  NotInteresting,
  EmptyIsInteresting,
  TimedOut,
  NotStarted
};
struct Failure {
  FailureKind kind;
  std::string message;
};

Result<Minimized, Failure> Minimize(testcase::TestCase input, const Predicate& predicate,
                                    const Options& options = {});

}  // namespace slabhound::minimizer
