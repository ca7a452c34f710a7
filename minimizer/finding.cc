#include "minimizer/finding.h"

#include <algorithm>

#include "minimizer/settle.h"
#include "rewrite/bound.h"

namespace slabhound::minimizer {
namespace {

// An input that ends, with the same signature: itself, or with its loops bounded.
std::optional<testcase::TestCase> Ended(const testcase::TestCase& input, const Keep& keep) {
  const Predicate predicate = KeepsSignature(keep);
  if (predicate(input).IsInteresting()) return input;
  // Few turns first: what a person has to follow by hand should be short.
  for (const uint32_t turns : {2u, 4u, 10u, 30u, 100u, 300u, 1000u}) {
    testcase::TestCase bounded{rewrite::Bounded(input.module, turns), input.plan};
    if (predicate(bounded).IsInteresting()) return bounded;
  }
  return std::nullopt;
}

// The most that the input can keep; `keep` then asks for it.
std::optional<testcase::TestCase> Improved(const testcase::TestCase& input, Keep& keep) {
  const Keep plain = keep;
  keep.must_end = true;
  for (const bool must_show : {true, false}) {
    keep.must_show = must_show;
    if (auto ended = Ended(input, keep)) return ended;
  }
  keep = plain;
  return std::nullopt;
}

// With the least fuel, of a few sizes, with which it still shows: a candidate that loops without
// end takes all there is.
testcase::TestCase WithLessFuel(const testcase::TestCase& input, const Keep& keep) {
  if (!input.plan.budgets) return input;
  constexpr uint64_t kCalls = 10;
  const uint64_t least = testcase::kGeneratedBudgets.fuel_per_call;
  for (const uint64_t fuel : {least, 10 * least, 300 * least, 10'000 * least}) {
    testcase::TestCase candidate = input;
    testcase::Budgets& budgets = *candidate.plan.budgets;
    if (budgets.fuel_per_call <= fuel) break;
    budgets.fuel_per_call = fuel;
    budgets.fuel_total = std::min(budgets.fuel_total, kCalls * fuel);
    if (KeepsSignature(keep)(candidate).IsInteresting()) return candidate;
  }
  return input;
}

}  // namespace

Result<MinimizedFinding, Failure> MinimizeFinding(testcase::TestCase input, Keep keep,
                                                  const Options& options) {
  MinimizedFinding result;
  if (!keep.stop) keep.stop = options.stop;
  const auto shrink = [&](testcase::TestCase test_case) -> Result<void, Failure> {
    Minimized before = std::move(result.minimized);
    TRY_ASSIGN(result.minimized, Minimize(std::move(test_case), KeepsSignature(keep), options));
    result.minimized.counts += before.counts;
    Add(before.accounts, result.minimized.accounts);
    result.minimized.accounts = std::move(before.accounts);
    return {};
  };
  Settle(input, keep);
  std::optional<testcase::TestCase> ended;
  input = WithLessFuel(input, keep);
  if (diff::Prepare(input)) ended = Improved(input, keep);
  if (!ended) {
    // Earlier calls may use up all turns of a large case: a small one has no such calls.
    TRY(shrink(std::move(input)));
    ended = Improved(result.minimized.test_case, keep);
  }
  if (ended) {
    result.ends = true;
    result.shows = keep.must_show;
    TRY(shrink(*std::move(ended)));
  }
  SettleEngine(result.minimized.test_case, keep);
  result.engines = std::move(keep.engines);
  result.suspect = std::move(keep.suspect);
  return result;
}

}  // namespace slabhound::minimizer
