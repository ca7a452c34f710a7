// Minimization: the smallest test case that a predicate still calls interesting.
//
// 1. Deterministic: the same test case, predicate and candidates_max give the same result.
// 2. The predicate sees valid modules only; it must be deterministic too.
// 3. Whatever ends it (fix-point, candidates_max, the stop check), the result is the smallest
//    interesting test case seen; every step made it smaller (weight.h), so it ends.
// 4. Legacy exceptions are lowered first, as engines get them (testcase/prepared.h): what comes out
//    has none.
// 5. The input must be interesting, and the empty module must not be: a predicate that accepts
//    everything would "minimize" to nothing.
// How a test case gets smaller is said in reducers/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "testcase/testcase.h"

namespace slabhound::minimizer {

using Predicate = std::function<bool(const testcase::TestCase&)>;

struct Options {
  uint64_t candidates_max = 200'000;  // calls of the predicate
  std::function<bool()> stop;         // asked before each candidate: true ends it (time, Ctrl-C)
};

struct Counts {
  uint64_t proposed = 0;    // by reducers
  uint64_t candidates = 0;  // of those: smaller, new, valid, and so shown to the predicate
  uint64_t invalid = 0;
  uint64_t accepted = 0;
  uint32_t rounds = 0;

  Counts& operator+=(const Counts& other) {
    proposed += other.proposed;
    candidates += other.candidates;
    invalid += other.invalid;
    accepted += other.accepted;
    rounds += other.rounds;
    return *this;
  }
};

struct Minimized {
  testcase::TestCase test_case;
  Counts counts;
  bool complete = false;  // a fix-point was reached
};

enum class FailureKind : uint8_t { Invalid, NotInteresting, EmptyIsInteresting };
struct Failure {
  FailureKind kind;
  std::string message;
};

Result<Minimized, Failure> Minimize(testcase::TestCase input, const Predicate& predicate,
                                    const Options& options = {});

}  // namespace slabhound::minimizer
