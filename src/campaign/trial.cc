#include "campaign/trial.h"

#include <algorithm>

#include "base/deadline.h"
#include "base/guard.h"
#include "campaign/death.h"
#include "campaign/minimization.h"
#include "minimizer/minimize.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

CaseRun InThisProcess(const CaseRun& run) {
  CaseRun own = run;
  std::erase_if(own.engines,
                [](const engine::EngineSpec& each) { return !engine::InProcess(each); });
  return own;
}

}  // namespace

std::optional<diff::Signature> Try(const CaseRun& run, uint64_t number, ByteSpan module,
                                   const TrialLimits& limits) {
  const CaseRun own = InThisProcess(run);
  const SharedFlight flight = MapFlight();
  const SharedGuardNote note = MapGuardNote();
  if (!flight || !note) return {};
  const auto end = RunGuarded({.data_bytes_max = limits.data_bytes_max}, [&] {
    note->Begin("trial", {limits.cpu, limits.wall});
    CaseReport report;
    report.number = number;
    flight->Begin(number, {});
    JudgeModule(own, module, *flight, report);
    return 0;
  });
  if (!end || (!end->died() && end->status.code == 0)) return {};
  return Classify(flight->stage(), EngineAt(*flight, own.engines), end->status,
                  end->hangs ? "hang" : "", end->errors)
      .signature;
}

MinimizedReport MinimizeDeath(const CaseRun& run, const MinimizeOrder& order, double seconds,
                              Flight& flight) {
  // A hang is told sooner while candidates are tried than what is left in the end.
  constexpr TrialLimits kFinal{.cpu = std::chrono::seconds(3), .wall = std::chrono::seconds(10)};
  MinimizedReport report;
  report.signature = order.signature;
  const auto fail = [&report](std::string reason) {
    report.failure = std::move(reason);
    return report;
  };
  flight.Minimizing();
  auto test_case = testcase::ReadTestCase(order.module);
  if (!test_case) return fail(test_case.error());
  auto engines = EnginesOf(run, order);
  if (!engines) return fail(std::move(engines.error()));
  CaseRun own = run;
  own.engines = *std::move(engines);
  const auto dies = [&](const testcase::TestCase& candidate, const TrialLimits& limits) {
    flight.Beat();
    const Bytes bytes = testcase::WriteTestCase(candidate);
    return Try(own, order.number, bytes, limits) == order.signature;
  };
  ++report.tries;
  if (!dies(*test_case, kFinal)) return fail("reproduced 0 of 1");
  const Deadline deadline = DeadlineInSeconds(seconds);
  minimizer::Options options;
  options.stop = [deadline] { return Clock::now() >= deadline; };
  if (order.candidates_max > 0) options.candidates_max = order.candidates_max;
  const auto minimized = minimizer::Minimize(
      *std::move(test_case),
      [&dies](const testcase::TestCase& candidate) { return dies(candidate, {}); }, options);
  if (!minimized) return fail(minimized.error().message);
  if (!dies(minimized->test_case, kFinal)) return fail("the smaller case ends after a while");
  report.complete = minimized->complete;
  report.candidates = minimized->counts.candidates;
  report.module = testcase::WriteTestCase(minimized->test_case);
  report.regression_missing = "a script would end with the engine's process";
  return report;
}

}  // namespace slabhound::campaign
