#include "minimizer/proposals.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

// Later calls first: what shows a finding ends the useful part of the plan.
bool DropCalls(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  const size_t count = base.plan.calls.size();
  return TrySubsets(reduction, count, [&](const std::vector<size_t>& dropped) {
    testcase::TestCase candidate = base;
    candidate.plan.calls.clear();
    std::vector<uint8_t> gone(count, 0);
    for (const size_t i : dropped) gone[count - 1 - i] = 1;
    for (size_t i = 0; i < count; ++i) {
      if (gone[i] == 0) candidate.plan.calls.push_back(base.plan.calls[i]);
    }
    return candidate;
  });
}

void ZeroArguments(Reduction& reduction) {
  struct Place {
    size_t call, argument;
  };
  const testcase::TestCase base = reduction.current();
  std::vector<Place> places;
  for (size_t i = 0; i < base.plan.calls.size(); ++i) {
    for (size_t k = 0; k < base.plan.calls[i].arguments.size(); ++k) {
      if (base.plan.calls[i].arguments[k] != 0) places.push_back({i, k});
    }
  }
  const auto set = [&](uint64_t value) {
    return [&places, value, &reduction](const std::vector<size_t>& chosen) {
      testcase::TestCase candidate = reduction.current();
      for (const size_t i : chosen) {
        candidate.plan.calls[places[i].call].arguments[places[i].argument] = value;
      }
      return candidate;
    };
  };
  for (const uint64_t value : {uint64_t{0}, uint64_t{1}}) {
    TrySubsets(reduction, places.size(), set(value));
  }
}

// Missing arguments are 0.
void ShortenPlan(Reduction& reduction) {
  testcase::TestCase candidate = reduction.current();
  for (testcase::Call& call : candidate.plan.calls) {
    while (!call.arguments.empty() && call.arguments.back() == 0) call.arguments.pop_back();
  }
  reduction.Try(std::move(candidate));
}

}  // namespace

void ReduceCalls(Reduction& reduction) {
  DropCalls(reduction);
  ZeroArguments(reduction);
  ShortenPlan(reduction);
}

}  // namespace slabhound::minimizer
