#include "campaign/trial.h"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

#include "base/child.h"
#include "campaign/death.h"
#include "minimizer/minimize.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kErrorBytesMax = 4096;

CaseRun InThisProcess(const CaseRun& run) {
  CaseRun own = run;
  std::erase_if(own.engines,
                [](const engine::EngineSpec& each) { return !engine::InProcess(each); });
  return own;
}

// What this process has reserved already; a sanitizer has reserved terabytes.
uint64_t DataBytes() {
  unsigned long pages = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  const int got = std::fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages);
  std::fclose(file);
  return got == 1 ? uint64_t{pages} * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

void Judge(const CaseRun& run, uint64_t number, ByteSpan module, const TrialLimits& limits,
           Flight& flight) {
  itimerval timer{};
  timer.it_value.tv_sec = limits.cpu.count() / 1000;
  timer.it_value.tv_usec = limits.cpu.count() % 1000 * 1000;
  setitimer(ITIMER_PROF, &timer, nullptr);
  CaseReport report;
  report.number = number;
  flight.Begin(number, {});
  JudgeModule(run, module, flight, report);
}

}  // namespace

std::optional<diff::Signature> Try(const CaseRun& run, uint64_t number, ByteSpan module,
                                   const TrialLimits& limits) {
  const CaseRun own = InThisProcess(run);
  const SharedFlight flight = MapFlight();
  const Descriptor errors = OpenMemoryFile("trial-stderr");
  if (!flight || !errors.is_open()) return {};
  constexpr std::array kDefault = {SIGPROF};
  auto child = Child::Fork({.data_bytes_max = DataBytes() + limits.data_bytes_max,
                            .errors = errors.get(),
                            .default_signals = kDefault},
                           [&] {
                             Judge(own, number, module, limits, *flight);
                             return 0;
                           });
  if (!child) return {};
  const bool ended = child->Wait(DeadlineIn(limits.wall)).has_value();
  child->Kill();
  const ExitStatus end = child->Reap();
  const bool hangs = !ended || end.signal == SIGPROF;
  if (!hangs && end.signal == 0 && end.code == 0) return {};
  return Classify(flight->stage(), EngineAt(*flight, own.engines), end, hangs ? "hang" : "",
                  TailOfMemoryFile(errors.get(), kErrorBytesMax))
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
  const auto dies = [&](const testcase::TestCase& candidate, const TrialLimits& limits) {
    flight.Beat();
    const Bytes bytes = testcase::WriteTestCase(candidate);
    return Try(run, order.number, bytes, limits) == order.signature;
  };
  ++report.tries;
  if (!dies(*test_case, kFinal)) return fail("reproduced 0 of 1");
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(seconds));
  minimizer::Options options;
  options.stop = [deadline] { return Clock::now() >= deadline; };
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
