#include "cli/engine_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "diff/command_run.h"
#include "diff/worker_command.h"

namespace slabhound::cli {
namespace {

constexpr std::string_view kCollectors =
#define SLABHOUND_COLLECTOR(name, text, description) " " text
#include "gc/collectors.def"
    ;
constexpr std::string_view kEngines =
#define SLABHOUND_ENGINE(name, text, description) " " text
#define SLABHOUND_PROCESS_ENGINE(name, text, ...) " " text
#include "diff/engines.def"
    ;
constexpr std::string_view kSchedules = "never|explicit|every-allocation|every-safepoint|every-N";

std::string FaultNames() {
  std::string names;
  for (const heap::FaultInfo& fault : heap::AllFaults()) names += fmt::format(" {}", fault.name);
  return names;
}

void AddFaultFlag(CLI::App& parser, std::string& fault) {
  parser
      .add_option("--fault", fault, "a fault of the catalogue, in the faulty build:" + FaultNames())
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
                  fmt::format("collector of slab engines:{}", kCollectors))
      ->type_name("NAME");
  parser.add_option("--gc", flags.gc, fmt::format("when slab engines collect: {}", kSchedules))
      ->type_name("SCHEDULE");
  AddFaultFlag(parser, flags.fault);
}

Result<heap::Fault, std::string> ParseFault(const std::string& name) {
  if (name.empty()) return heap::Fault::None;
  const auto fault = heap::FindFault(name);
  if (!fault) {
    return Fail(fmt::format("--fault {}: no such fault; there are:{}", name, FaultNames()));
  }
  if (*fault != heap::Fault::None && !heap::FaultsCompiledIn()) {
    return Fail(
        fmt::format("--fault {}: this build has no faults compiled in; use the faulty one "
                    "(scripts/build.sh faulty slabhound, then build/faulty/slabhound)",
                    name));
  }
  return *fault;
}

Result<std::vector<diff::EngineSpec>, std::string> SelectEngines(
    const EngineFlags& flags, const std::vector<diff::EngineSpec>& defaults) {
  TRY_ASSIGN(const heap::Fault fault, ParseFault(flags.fault));
  std::vector<diff::EngineSpec> specs;
  std::vector<size_t> parts;  // of each text
  if (flags.engines.empty() && flags.collector.empty() && flags.gc.empty()) {
    specs = defaults;
    parts.assign(specs.size(), 3);
  }
  std::vector<std::string> texts = flags.engines;
  if (texts.empty() && specs.empty()) texts.emplace_back("slab");
  for (const std::string& text : texts) {
    const auto spec = diff::ParseEngine(text);
    if (!spec) {
      return Fail(fmt::format(
          "--engine {}: no such engine; there are:{}, and slab with a "
          "configuration, as in slab:mark_sweep:every-allocation or wasmtime@31.0.0:points=1",
          text, kEngines));
    }
    TRY(ParseFault(std::string(spec->slab.fault == heap::Fault::None
                                   ? std::string_view()
                                   : heap::FaultName(spec->slab.fault))));
    if (spec->kind == diff::EngineKind::Command) {
      TRY(diff::CommandLine(*spec));
    } else if (!diff::InProcess(*spec)) {
      TRY(diff::WorkerCommand(*spec));
    }
    specs.push_back(*spec);
    parts.push_back(static_cast<size_t>(std::ranges::count(text, ':')) + 1);
  }
  const auto collector = gc::FindCollector(flags.collector);
  if (!flags.collector.empty() && !collector) {
    return Fail(fmt::format("--collector {}: no such collector; there are:{}", flags.collector,
                            kCollectors));
  }
  const auto schedule = gc::ParseSchedule(flags.gc);
  if (!flags.gc.empty() && !schedule) {
    return Fail(fmt::format("--gc {}: no such schedule; there are {}", flags.gc, kSchedules));
  }
  for (size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].kind != diff::EngineKind::Slab) continue;
    if (collector && parts[i] < 2) specs[i].slab.collector = *collector;
    if (schedule && parts[i] < 3) specs[i].slab.schedule = *schedule;
    if (fault != heap::Fault::None && parts[i] < 4) specs[i].slab.fault = fault;
  }
  return specs;
}

}  // namespace slabhound::cli
