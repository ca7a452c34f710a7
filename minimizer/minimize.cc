#include "minimizer/minimize.h"

#include <algorithm>
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
// Below, all pieces are tried from the first round on.
constexpr uint64_t kLargeBytes = 4096;
constexpr uint64_t kPieceMin = 8;
constexpr uint32_t kFailuresMaxOfLarge = 48, kFailuresMax = 6;
// A round tries pieces of a 32th of the module; when that is not worth much, of a fourth of that.
constexpr uint64_t kFirstParts = 32, kPartsFactor = 4;

Outcome Ask(const Predicate& predicate, const TestCase& test_case, const Options& options) {
  constexpr auto kLook = std::chrono::milliseconds(20);
  Answer answer = predicate(test_case);
  while (true) {
    if (const auto outcome = answer.Wait(DeadlineIn(kLook))) return *outcome;
    if (options.stop && options.stop()) return Outcome::GivenUp;
  }
}

// A default plan needs no section in the file, although it has a call more.
TestCase WithDefaultPlan(TestCase test_case, const Predicate& predicate, const Options& options) {
  TestCase candidate = test_case;
  const testcase::Plan plan = testcase::DefaultPlan(candidate.module);
  candidate.plan.seed = plan.seed;
  candidate.plan.calls = plan.calls;
  const bool shorter =
      testcase::WriteTestCase(candidate).size() < testcase::WriteTestCase(test_case).size();
  return shorter && Ask(predicate, candidate, options) == Outcome::Interesting ? candidate
                                                                               : test_case;
}

// Why the first look at the input ends it all.
Failure FailureOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::TimedOut:
      return {FailureKind::TimedOut, "no answer within the time for one candidate"};
    case Outcome::NotStarted:
      return {FailureKind::NotStarted, "the condition could not be asked"};
    default:
      return {FailureKind::NotInteresting,
              "the test case is not interesting: it does not show what should be kept"};
  }
}

// Without legacy exceptions, which engines get lowered, if it is interesting so.
TestCase Lowered(TestCase input, const Predicate& predicate, const Options& options) {
  if (!rewrite::HasLegacyExceptions(input.module)) return input;
  TestCase lowered = input;
  rewrite::LowerLegacyExceptions(lowered.module);
  return Ask(predicate, lowered, options) == Outcome::Interesting ? lowered : input;
}

// The first look: the input without names and other tools' notes, if that is interesting too.
// Nothing when there was no time for it.
Result<std::optional<TestCase>, Failure> Start(TestCase input, const Predicate& predicate,
                                               const Options& options) {
  wasm::TypeStore types;
  const auto valid = valid::Validate(std::make_shared<const wasm::Module>(input.module), types);
  if (!valid) {
    return Fail(Failure{FailureKind::Invalid, "the module is invalid: " + valid.error().Message()});
  }
  TestCase bare = input;
  bare.module.customs.clear();
  Outcome outcome = Ask(predicate, bare, options);
  const bool can_be_bare = outcome == Outcome::Interesting || input.module.customs.empty();
  if (!can_be_bare && outcome != Outcome::GivenUp) outcome = Ask(predicate, input, options);
  if (outcome == Outcome::GivenUp) return std::nullopt;
  if (outcome != Outcome::Interesting) return Fail(FailureOf(outcome));
  const Outcome of_nothing = Ask(predicate, {}, options);
  if (of_nothing == Outcome::Interesting) {
    return Fail(Failure{FailureKind::EmptyIsInteresting,
                        "the empty module is interesting too: the condition accepts everything"});
  }
  return Lowered(can_be_bare ? std::move(bare) : std::move(input), predicate, options);
}

// All reducers that the round has a turn for. Whether anything was accepted.
bool RunRound(Reduction& reduction, const Round& round) {
  const uint64_t before = reduction.counts().accepted;
  reduction.StartRound(round);
  size_t place = 0;
  for (const Reducer& reducer : AllReducers()) {
    ++place;
    if (round.bytes_min > 0 && reducer.size == Size::Small) continue;
    const uint64_t accepted = reduction.counts().accepted;
    reduction.StartReducer(reducer.name, place);
    reducer.run(reduction);
    // What a reducer left without a use is weight for all that follow.
    if (reduction.counts().accepted == accepted) continue;
    reduction.StartReducer("unused", place);
    ReduceUnused(reduction);
  }
  return reduction.counts().accepted != before;
}

// Pieces of a large module, larger ones first.
void CutLarge(Reduction& reduction) {
  Round round{.failures_max = kFailuresMaxOfLarge};
  uint64_t parts = kFirstParts;
  while (reduction.bytes() > kLargeBytes && reduction.bytes() / parts >= kPieceMin) {
    if (reduction.Stopped() || reduction.counts().rounds >= kRoundsMax) return;
    const uint64_t bytes = reduction.bytes();
    round.bytes_min = bytes / parts;
    RunRound(reduction, round);
    if (reduction.bytes() > bytes - bytes / 4) {
      parts *= kPartsFactor;
      round.bytes_max = round.bytes_min;
    } else {
      round.bytes_max = UINT64_MAX;
    }
  }
}

// True if a full round accepted nothing and nothing was cut short.
bool ReachFixPoint(Reduction& reduction) {
  CutLarge(reduction);
  while (reduction.counts().rounds < kRoundsMax) {
    // Kinds of change that seldom succeed wait until the others are through.
    const bool any = RunRound(reduction, {.failures_max = kFailuresMax, .skips_failed = true}) ||
                     RunRound(reduction, {.skips_failed = true});
    if (reduction.Stopped()) return false;
    // What failed may do now.
    if (!any && !RunRound(reduction, {})) return !reduction.Stopped();
  }
  return false;
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  proposed += other.proposed;
  candidates += other.candidates;
  invalid += other.invalid;
  accepted += other.accepted;
  timed_out += other.timed_out;
  not_started += other.not_started;
  slipped += other.slipped;
  rounds += other.rounds;
  return *this;
}

void Add(std::vector<Account>& accounts, const std::vector<Account>& others) {
  for (const Account& other : others) {
    const auto found = std::ranges::find(accounts, other.reducer, &Account::reducer);
    if (found == accounts.end()) {
      accounts.push_back(other);
    } else {
      found->counts += other.counts;
      found->bytes += other.bytes;
    }
  }
}

Result<Minimized, Failure> Minimize(TestCase input, const Predicate& predicate,
                                    const Options& options) {
  TRY_ASSIGN(std::optional<TestCase> start, Start(input, predicate, options));
  if (!start) return Minimized{.test_case = std::move(input), .counts = {}, .complete = false};
  Reduction reduction(*std::move(start), predicate, options);
  Minimized minimized;
  minimized.complete = ReachFixPoint(reduction);
  minimized.counts = reduction.counts();
  minimized.accounts = reduction.accounts();
  minimized.test_case = reduction.Take();
  if (minimized.complete) {
    minimized.test_case = WithDefaultPlan(std::move(minimized.test_case), predicate, options);
  }
  return minimized;
}

}  // namespace slabhound::minimizer
