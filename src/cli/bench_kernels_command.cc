#include "cli/bench_kernels_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/kernel_timing.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/number_flags.h"
#include "gc/schedule.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

// Of the runs whose checksums are compared: so few rounds that every engine makes them.
constexpr uint32_t kCheckedRounds = 100;

struct Flags {
  std::vector<std::string> paths;
  EngineFlags engines;
  double time = 0.5;
};

// The slab engine under each collector that frees, the oracle, JavaScriptCore's interpreter, and
// what is installed.
std::vector<engine::EngineSpec> EnginesByDefault() {
  std::vector<engine::EngineSpec> engines;
  for (const char* text : {
#define SLABHOUND_COLLECTOR(name, text, ...) "slab:" text ":explicit",
#include "gc/collectors.def"
           "oracle", "jsc:useBBQJIT=false,useOMGJIT=false"}) {
    const engine::EngineSpec engine = *engine::ParseEngine(text);
    if (engine.kind == engine::EngineKind::Slab &&
        gc::FreesOf(engine.slab.collector, gc::Extent::Full) == gc::Frees::Nothing) {
      continue;
    }
    if (engine::InProcess(engine) || worker::WorkerCommand(engine)) engines.push_back(engine);
  }
  std::ranges::copy(worker::InstalledEngines(), std::back_inserter(engines));
  return engines;
}

// Files as they are; of a folder its .wat and .wasm files, in sorted order.
Result<std::vector<std::string>, std::string> FilesOf(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".wat" || extension == ".wasm") inside.push_back(entry.path().string());
    }
    if (error) return Fail(fmt::format("{}: {}", path, error.message()));
    if (inside.empty()) return Fail(fmt::format("{}: no .wat or .wasm file in it", path));
    std::ranges::sort(inside);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

Result<std::vector<bench::Kernel>, std::string> KernelsOf(const std::vector<std::string>& paths) {
  if (paths.empty()) return bench::BuiltInKernels();
  std::vector<bench::Kernel> kernels;
  TRY_ASSIGN(const std::vector<std::string> files, FilesOf(paths));
  for (const std::string& file : files) {
    TRY_ASSIGN(testcase::TestCase test_case, ReadCaseAsWritten(file));
    TRY_ASSIGN(bench::Kernel kernel, bench::MakeKernel(file, std::move(test_case)));
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}

struct Row {
  std::string engine;
  bench::KernelTimer timer;
};

struct Verdict {
  bool differs = false, silent = false;
};

void TimeKernel(const bench::Kernel& kernel, std::vector<Row>& rows, double seconds,
                Verdict& verdict) {
  std::optional<uint32_t> checksum;
  std::optional<double> first;
  for (Row& row : rows) {
    const auto checked = row.timer.Run(kernel, kCheckedRounds);
    const auto time = checked ? row.timer.Time(kernel, seconds) : Fail(checked.error());
    if (!time) {
      verdict.silent = true;
      Print(fmt::format("{:<36} did not run it: {}\n", row.engine, time.error()));
      continue;
    }
    if (!checksum) {
      checksum = checked->checksum;
      Print(fmt::format("{}: checksum {} of {} rounds\n{:<36} {:>14} {:>9} {:>12}\n", kernel.name,
                        *checksum, kCheckedRounds, "engine", "ns a round", "times", "rounds"));
    }
    if (!first) first = time->nanoseconds;
    Print(fmt::format("{:<36} {:>14.1f} {:>9.2f} {:>12}\n", row.engine, time->nanoseconds,
                      time->nanoseconds / *first, time->rounds));
    if (checked->checksum == *checksum) continue;
    verdict.differs = true;
    Print(fmt::format("{:<36} gives {}, not {}\n", row.engine, checked->checksum, *checksum));
  }
  Print("\n");
}

int Run(const Flags& flags) {
  auto kernels = KernelsOf(flags.paths);
  if (!kernels) return UsageError(kernels.error());
  const auto engines = SelectEngines(flags.engines, EnginesByDefault());
  if (!engines) return UsageError(engines.error());
  std::vector<Row> rows;
  for (const engine::EngineSpec& engine : *engines) {
    const std::string text = engine::EngineText(engine);
    auto timer = bench::KernelTimer::Start(engine, WorkerLimitsOf(flags.engines));
    if (!timer) return UsageError(fmt::format("--engine {}: {}", text, timer.error()));
    rows.push_back({text, *std::move(timer)});
  }
  Verdict verdict;
  for (const bench::Kernel& kernel : *kernels) TimeKernel(kernel, rows, flags.time, verdict);
  if (verdict.differs) return kExitFinding;
  return verdict.silent ? kExitUsage : kExitFine;
}

}  // namespace

Command AddBenchKernelsCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "kernels", "time small programs on engines: CPU time of a round, and times the first's");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("PATH", flags->paths,
                     "a .wat or .wasm file without imports that exports run: (param i32) (result "
                     "i32), or a folder of them (default: the built-in ones)");
  AddEngineFlags(*parser, flags->engines);
  constexpr double kTimeMin = 0.01, kTimeMax = 60;
  parser
      ->add_option("--time", flags->time,
                   "CPU seconds that a run takes at least before it counts (default 0.5)")
      ->type_name("SECONDS")
      ->check(Seconds(kTimeMin, kTimeMax));
  return {.parser = parser, .run = [flags] { return Run(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
