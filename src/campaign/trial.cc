#include "campaign/trial.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "base/orphans.h"
#include "campaign/death.h"
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

// What this process has reserved already; a sanitizer has reserved terabytes.
uint64_t DataBytes() {
  unsigned long pages = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  const int got = std::fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages);
  std::fclose(file);
  return got == 1 ? uint64_t{pages} * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

[[noreturn]] void Judge(const CaseRun& run, uint64_t number, ByteSpan module,
                        const TrialLimits& limits, int errors, Flight& flight) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(errors, STDERR_FILENO);
  const uint64_t data_bytes = DataBytes() + limits.data_bytes_max;
  const rlimit data = {data_bytes, data_bytes}, no_core = {0, 0};
  setrlimit(RLIMIT_DATA, &data);
  setrlimit(RLIMIT_CORE, &no_core);
  std::signal(SIGPROF, SIG_DFL);
  itimerval timer{};
  timer.it_value.tv_sec = limits.cpu.count() / 1000;
  timer.it_value.tv_usec = limits.cpu.count() % 1000 * 1000;
  setitimer(ITIMER_PROF, &timer, nullptr);
  CaseReport report;
  report.number = number;
  flight.Begin(number, {});
  JudgeModule(run, module, flight, report);
  _exit(0);
}

// True: it has ended by itself.
bool WaitFor(pid_t pid, std::chrono::milliseconds time) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return false;
  const auto end = Clock::now() + time;
  bool ended = false;
  for (auto left = time; !ended && left.count() > 0;
       left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now())) {
    pollfd ready{handle, POLLIN, 0};
    ended = poll(&ready, 1, static_cast<int>(left.count())) > 0;
  }
  close(handle);
  return ended;
}

std::string TextOf(int fd) {
  std::string text(4096, '\0');
  const off_t size = std::max<off_t>(lseek(fd, 0, SEEK_END), 0);
  const auto part = std::min(size, static_cast<off_t>(text.size()));
  const ssize_t got = pread(fd, text.data(), static_cast<size_t>(part), size - part);
  text.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace

std::string Try(const CaseRun& run, uint64_t number, ByteSpan module, const TrialLimits& limits) {
  const CaseRun own = InThisProcess(run);
  const SharedFlight flight = MapFlight();
  const int errors = memfd_create("trial-stderr", MFD_CLOEXEC);
  if (!flight || errors < 0) return {};
  const pid_t pid = ForkChild();
  if (pid == 0) Judge(own, number, module, limits, errors, *flight);
  std::string signature;
  if (pid > 0) {
    const bool ended = WaitFor(pid, limits.wall);
    if (!ended) kill(pid, SIGKILL);
    const ExitStatus end = ReapChild(pid);
    const bool hangs = !ended || end.signal == SIGPROF;
    if (hangs || end.signal != 0 || end.code != 0) {
      signature = Classify(flight->stage(), EngineAt(*flight, own.engines), end,
                           hangs ? "hang" : "", TextOf(errors))
                      .signature;
    }
  }
  close(errors);
  return signature;
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
