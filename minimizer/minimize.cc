#include "minimizer/minimize.h"

#include <memory>

#include "minimizer/reducer.h"
#include "minimizer/reduction.h"
#include "rewrite/legacy_exceptions.h"
#include "valid/valid_module.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

// Each round makes the test case smaller, so this ends a reduction that is not worth more time.
constexpr uint32_t kRoundsMax = 100;

// A default plan needs no section in the file, although it has a call more.
TestCase WithDefaultPlan(TestCase test_case, const Predicate& predicate) {
  TestCase candidate = test_case;
  const testcase::Plan plan = testcase::DefaultPlan(candidate.module);
  candidate.plan.seed = plan.seed;
  candidate.plan.calls = plan.calls;
  const bool shorter =
      testcase::WriteTestCase(candidate).size() < testcase::WriteTestCase(test_case).size();
  return shorter && predicate(candidate) ? candidate : test_case;
}

}  // namespace

Result<Minimized, Failure> Minimize(TestCase input, const Predicate& predicate,
                                    const Options& options) {
  wasm::TypeStore types;
  const auto valid = valid::Validate(std::make_shared<const wasm::Module>(input.module), types);
  if (!valid) {
    return Fail(Failure{FailureKind::Invalid, "the module is invalid: " + valid.error().Message()});
  }
  // Names and other tools' notes are no part of what a predicate may ask for.
  TestCase bare = input;
  bare.module.customs.clear();
  const bool bare_is_interesting = predicate(bare);
  if (!bare_is_interesting && (input.module.customs.empty() || !predicate(input))) {
    return Fail(Failure{FailureKind::NotInteresting,
                        "the test case is not interesting: it does not show what should be kept"});
  }
  if (predicate({})) {
    return Fail(Failure{FailureKind::EmptyIsInteresting,
                        "the empty module is interesting too: the condition accepts everything"});
  }
  if (bare_is_interesting) input = std::move(bare);
  rewrite::LowerLegacyExceptions(input.module);

  Reduction reduction(std::move(input), predicate, options);
  bool complete = false;
  while (!complete && reduction.counts().rounds < kRoundsMax && !reduction.Stopped()) {
    reduction.CountRound();
    const uint64_t before = reduction.counts().accepted;
    for (const Reducer& reducer : AllReducers()) {
      const uint64_t accepted = reduction.counts().accepted;
      reducer.run(reduction);
      // What a reducer left without a use is weight for all that follow.
      if (reduction.counts().accepted != accepted) ReduceUnused(reduction);
    }
    complete = reduction.counts().accepted == before && !reduction.Stopped();
  }
  Minimized minimized{.test_case = {}, .counts = reduction.counts(), .complete = complete};
  minimized.test_case = reduction.Take();
  if (complete) minimized.test_case = WithDefaultPlan(std::move(minimized.test_case), predicate);
  return minimized;
}

}  // namespace slabhound::minimizer
