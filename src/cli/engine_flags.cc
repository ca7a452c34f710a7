#include "cli/engine_flags.h"

#include <fmt/format.h>

#include <string_view>

#include "avoid/known_file.h"
#include "cli/all_releases.h"
#include "cli/guard.h"
#include "cli/number_flags.h"
#include "diff/command_run.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

constexpr std::string_view kEngines =
#define SLABHOUND_ENGINE(name, text, description) " " text
#define SLABHOUND_PROCESS_ENGINE(name, text, ...) " " text
#include "engine/engines.def"
    ;
void AddFaultFlag(CLI::App& parser, std::string& fault) {
  parser
      .add_option("--fault", fault,
                  "a fault of the catalogue, in the faulty build:" + heap::FaultNames())
      ->type_name("NAME");
}

}  // namespace

void AddEngineFlags(CLI::App& parser, EngineFlags& flags) {
  parser
      .add_option("--engine", flags.engines,
                  fmt::format("engine:{}, or with its configuration as in "
                              "slab:mark_sweep:every-allocation; may be repeated",
                              kEngines))
      ->type_name("ENGINE")
      ->allow_extra_args(false);
  parser
      .add_option("--collector", flags.collector,
                  fmt::format("collector of slab engines:{}", gc::kCollectorTexts))
      ->type_name("NAME");
  parser
      .add_option("--gc", flags.gc,
                  fmt::format("when slab engines collect: {}", gc::kScheduleTexts))
      ->type_name("SCHEDULE");
  AddFaultFlag(parser, flags.fault);
  constexpr double kTimeMin = 0.1, kTimeMax = 86'400;
  parser
      .add_option("--engine-time", flags.time,
                  "CPU seconds that a real engine has to compile a module, and to run it")
      ->type_name("SECONDS")
      ->check(Seconds(kTimeMin, kTimeMax));
  parser
      .add_option("--time-per-call", flags.time_per_call,
                  "CPU seconds that it has for each call (default: --engine-time for all)")
      ->type_name("SECONDS")
      ->check(Seconds(kTimeMin, kTimeMax));
}

Result<heap::Fault, std::string> ParseFault(const std::string& name) {
  if (name.empty()) return heap::Fault::None;
  const auto fault = heap::FindFault(name);
  if (!fault) {
    return Fail(fmt::format("--fault {}: no such fault; there are:{}", name, heap::FaultNames()));
  }
  if (*fault != heap::Fault::None && !heap::FaultsCompiledIn()) {
    return Fail(
        fmt::format("--fault {}: this build has no faults compiled in; use the faulty one "
                    "(scripts/build.sh faulty slabhound, then build/faulty/slabhound)",
                    name));
  }
  return *fault;
}

namespace {

// What the flags say about slab engines.
Result<engine::SlabSpec, std::string> SlabOf(const EngineFlags& flags) {
  engine::SlabSpec slab;
  TRY_ASSIGN(slab.fault, ParseFault(flags.fault));
  if (const auto collector = gc::FindCollector(flags.collector)) {
    slab.collector = *collector;
  } else if (!flags.collector.empty()) {
    return Fail(fmt::format("--collector {}: no such collector; there are:{}", flags.collector,
                            gc::kCollectorTexts));
  }
  if (const auto schedule = gc::ParseSchedule(flags.gc)) {
    slab.schedule = *schedule;
  } else if (!flags.gc.empty()) {
    return Fail(
        fmt::format("--gc {}: no such schedule; there are {}", flags.gc, gc::kScheduleTexts));
  }
  return slab;
}

// Whether this build and machine can run it.
Result<void, std::string> CheckEngine(const engine::EngineSpec& spec) {
  if (spec.slab.fault != heap::Fault::None) {
    TRY(ParseFault(std::string(heap::FaultName(spec.slab.fault))));
  }
  if (spec.slab.settings.checks == heap::Checks::Unchecked && !heap::FaultsCompiledIn()) {
    return Fail(
        std::string("unchecked: this build always checks; use the faulty one "
                    "(scripts/build.sh faulty slabhound, then build/faulty/slabhound)"));
  }
  if (spec.kind == engine::EngineKind::Command) {
    TRY(diff::CommandLine(spec));
  } else if (!engine::InProcess(spec)) {
    TRY(worker::WorkerCommand(spec));
  }
  return {};
}

}  // namespace

worker::WorkerLimits WorkerLimitsOf(const EngineFlags& flags) {
  const auto in_milliseconds = [](double seconds) {
    return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  };
  worker::WorkerLimits limits{.run_time = in_milliseconds(flags.time)};
  if (flags.time_per_call) limits.call_time = in_milliseconds(*flags.time_per_call);
  return limits;
}

worker::Lab TodaysLab(const EngineFlags& flags) {
  return {.today = avoid::Today(),
          .workers = std::make_shared<worker::Pool>(WorkerLimitsOf(flags)),
          .note = CurrentNote()};
}

void AddKnownFlag(CLI::App& parser, EngineFlags& flags) {
  parser
      .add_option(
          "--known", flags.known,
          "a file of known rows of your own: what they tell is counted by row, and no finding")
      ->type_name("FILE");
}

Result<void, std::string> ReadKnownFlag(const EngineFlags& flags, worker::Lab& lab) {
  if (flags.known.empty()) return {};
  TRY_ASSIGN(std::vector<avoid::KnownRow> rows, avoid::ReadKnownFile(flags.known));
  lab.known = std::make_shared<const std::vector<avoid::KnownRow>>(std::move(rows));
  return {};
}

Result<std::vector<engine::EngineSpec>, std::string> SelectEngines(
    const EngineFlags& flags, const std::vector<engine::EngineSpec>& defaults, MayBeDrawn drawn) {
  TRY_ASSIGN(const engine::SlabSpec slab, SlabOf(flags));
  std::vector<engine::EngineSpec> specs;
  if (ChooseNoEngine(flags)) {
    specs = defaults;
    for (engine::EngineSpec& spec : specs) {
      if (spec.kind == engine::EngineKind::Slab) spec.slab.fault = slab.fault;
    }
    return specs;
  }
  std::vector<std::string> texts = flags.engines;
  if (texts.empty()) texts.emplace_back("slab");
  for (const std::string& text : texts) {
    const auto fail = [&text](const std::string& why) {
      return Fail(fmt::format("--engine {}: {}", text, why));
    };
    const auto spec = engine::ParseEngine(text, slab);
    if (!spec) return fail(spec.error());
    if (engine::IsDrawn(*spec) && drawn == MayBeDrawn::No) {
      return fail("only a campaign draws configurations; name one, as in slab:copying:every-3");
    }
    const auto releases = ExpandReleases(*spec);
    if (!releases) return fail(releases.error());
    for (const engine::EngineSpec& release : *releases) {
      TRY(CheckEngine(release));
      specs.push_back(release);
    }
  }
  return specs;
}

Result<std::vector<engine::EngineSpec>, std::string> SelectComparedEngines(
    const EngineFlags& flags, const std::vector<engine::EngineSpec>& defaults, MayBeDrawn drawn) {
  TRY_ASSIGN(std::vector<engine::EngineSpec> engines, SelectEngines(flags, defaults, drawn));
  if (engines.front().kind != engine::EngineKind::Oracle) {
    engines.insert(engines.begin(), engine::EngineSpec{});
  }
  return engines;
}

}  // namespace slabhound::cli
