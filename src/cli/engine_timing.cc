#include "cli/engine_timing.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/quiet_errors.h"
#include "gen/generate.h"
#include "testcase/testcase.h"
#include "worker/command.h"
#include "worker/process_engine.h"
#include "worker/run.h"

namespace slabhound::cli {
namespace {

// CPU milliseconds of this process, or of its children that have ended.
double CpuMilliseconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto milliseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
}

double Milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

struct Clocks {
  std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
  double self = CpuMilliseconds(RUSAGE_SELF), children = CpuMilliseconds(RUSAGE_CHILDREN);
};

}  // namespace

std::vector<TimingCase> MakeTimingCases(const TimingOptions& options) {
  const QuietErrors quiet;  // Binaryen warns of what it makes
  std::vector<TimingCase> cases;
  for (uint64_t number = 0; cases.size() < options.modules; ++number) {
    auto test_case = testcase::ReadTestCase(gen::Generate(gen::MakeRecipe(options.seed, number)));
    if (!test_case) continue;
    auto prepared = diff::Prepare(*std::move(test_case));
    if (prepared) cases.push_back(*std::move(prepared));
  }
  return cases;
}

std::string TimingHeader() {
  return fmt::format("{:<24} {:>9} {:>9} {:>8} {:>8} {:>9} {:>10} {:>7} {:>9} {:>8}\n", "engine",
                     "modules", "modules/s", "p50 ms", "p99 ms", "worker ms", "this side", "share",
                     "values", "form ms");
}

Result<std::string, std::string> TimeEngine(const engine::EngineSpec& spec,
                                            const std::vector<TimingCase>& cases) {
  TRY_ASSIGN(std::vector<std::string> command, worker::WorkerCommand(spec));
  std::vector<worker::PortableRequest> requests;
  const Clocks forms;
  for (const TimingCase& each : cases) {
    TRY_ASSIGN(worker::PortableRequest request, worker::MakeRequest(each, spec, {}));
    requests.push_back(std::move(request));
  }
  const double form = CpuMilliseconds(RUSAGE_SELF) - forms.self;

  worker::ProcessEngine engine(std::move(command));
  if (const auto started = engine.Start(); !started) return Fail(started.error().detail);
  std::vector<double> times;
  uint64_t values = 0, failures = 0;
  const Clocks start;
  for (size_t i = 0; i < cases.size(); ++i) {
    const auto begin = std::chrono::steady_clock::now();
    auto run = engine.Run(requests[i].module, requests[i].request);
    if (run) {
      values += run->instantiate.logged;
      for (const worker::WorkerStep& call : run->calls) values += call.logged;
      worker::WorkerTrace(cases[i], spec, {}, *std::move(run));
    } else {
      ++failures;
    }
    times.push_back(Milliseconds(std::chrono::steady_clock::now() - begin));
  }
  const double wall = Milliseconds(std::chrono::steady_clock::now() - start.wall);
  const double self = CpuMilliseconds(RUSAGE_SELF) - start.self;
  engine.Stop();  // only then its CPU time is known
  const double worker = CpuMilliseconds(RUSAGE_CHILDREN) - start.children;

  std::ranges::sort(times);
  const auto count = static_cast<double>(cases.size());
  std::string line = fmt::format(
      "{:<24} {:>9} {:>9.0f} {:>8.2f} {:>8.2f} {:>9.3f} {:>10.3f} {:>6.1f}% {:>9.0f} {:>8.3f}\n",
      engine::EngineText(spec), cases.size(), count / wall * 1e3, times[times.size() / 2],
      times[times.size() * 99 / 100], worker / count, self / count,
      100 * self / std::max(self + worker, 1e-9), static_cast<double>(values) / count,
      form / count);
  if (failures != 0) line += fmt::format("  {} runs failed\n", failures);
  return line;
}

}  // namespace slabhound::cli
