#include "cli/engines_command.h"

#include <fmt/format.h>

#include <memory>

#include "avoid/known.h"
#include "cli/engine_probes.h"
#include "cli/engine_timing.h"
#include "cli/number_flags.h"
#include "engine/info.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

int List() {
  std::string text;
#define SLABHOUND_ENGINE(name, word, description) \
  text += fmt::format("{:<18} {:<14} {}\n", word, "built in", description);
#include "engine/engines.def"
  const std::vector<engine::EngineSpec> installed = worker::InstalledEngines();
  for (const engine::ProcessEngineInfo& info : engine::ProcessEngines()) {
    bool any = false;
    for (const engine::EngineSpec& each : installed) {
      if (each.kind != info.kind) continue;
      text += fmt::format("{:<18} {:<14} {}\n", engine::EngineText(each), "installed",
                          info.description);
      any = true;
    }
    if (any) continue;
    text +=
        fmt::format("{:<18} {:<14} {}\n", info.text,
                    info.option_prefix.empty() ? "your own" : "not installed", info.description);
  }
  text += "scripts/engines.sh NAME… installs more\n";
  Print(text);
  return kExitFine;
}

int Known() {
  const std::string today = avoid::Today();
  std::string text;
  for (const avoid::KnownEntry& entry : avoid::KnownEntries()) {
    text +=
        fmt::format("{}  ({} {} to {}{})\n    {}\n    {}; {} {}\n", entry.name,
                    engine::InfoOf(entry.engine).text, entry.first_version, entry.last_version,
                    entry.avoidance == avoid::Avoidance::None
                        ? std::string()
                        : fmt::format(", avoided by {}", avoid::AvoidanceText(entry.avoidance)),
                    entry.reason, entry.reference,
                    avoid::IsExpired(entry, today) ? "EXPIRED on" : "expires on", entry.expires);
  }
  Print(text);
  return kExitFine;
}

// Engines behind workers only; the error is one line.
Result<std::vector<engine::EngineSpec>, std::string> ParseNames(
    const std::vector<std::string>& names) {
  std::vector<engine::EngineSpec> specs;
  for (const std::string& name : names) {
    auto spec = engine::ParseEngine(name);
    if (!spec) return Fail(fmt::format("{}: {}", name, spec.error()));
    if (engine::InProcess(*spec)) {
      return Fail(
          fmt::format("{}: no engine behind a worker; `slabhound engines` lists them", name));
    }
    specs.push_back(*std::move(spec));
  }
  return specs;
}

int Check(const std::vector<std::string>& names) {
  const auto specs = ParseNames(names);
  if (!specs) return UsageError(specs.error());
  int wrong = 0;
  for (const engine::EngineSpec& spec : *specs) {
    const ProbeReport report = ProbeEngine(spec);
    if (!report.ran) return UsageError(report.text);
    Print(report.text);
    Print(fmt::format("{} wrong answers\n", report.wrong));
    wrong += report.wrong;
  }
  return wrong == 0 ? kExitFine : kExitFinding;
}

int Bench(const std::vector<std::string>& names, const TimingOptions& options) {
  const auto specs = ParseNames(names);
  if (!specs) return UsageError(specs.error());
  const std::vector<TimingCase> cases = MakeTimingCases(options);
  Print(TimingHeader());
  for (const engine::EngineSpec& spec : *specs) {
    const auto line = TimeEngine(spec, cases);
    if (!line) return UsageError(line.error());
    Print(*line);
  }
  return kExitFine;
}

}  // namespace

Command AddEnginesCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("engines", "list the engines, or check or time some");
  CLI::App* check = parser->add_subcommand("check", "probe engines with small modules");
  const auto names = std::make_shared<std::vector<std::string>>();
  check
      ->add_option("ENGINE", *names,
                   "v8, wasmtime@31.0.0:opt=speed, worker:COMMAND, command:COMMAND …")
      ->required();
  CLI::App* bench = parser->add_subcommand("bench", "modules per second and what they cost");
  const auto options = std::make_shared<TimingOptions>();
  bench->add_option("ENGINE", *names, "v8:gc=none, binaryen, …")->required();
  bench->add_option("--modules", options->modules, "how many generated modules")
      ->capture_default_str()
      ->check(WholeNumber(1, 1'000'000));
  bench->add_option("--seed", options->seed, "what all modules follow from")->capture_default_str();
  CLI::App* known = parser->add_subcommand("known", "list the known disagreements");
  return {parser, [check, bench, known, names, options] {
            if (known->parsed()) return Known();
            if (check->parsed()) return Check(*names);
            return bench->parsed() ? Bench(*names, *options) : List();
          }};
}

}  // namespace slabhound::cli
