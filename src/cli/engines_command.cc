#include "cli/engines_command.h"

#include <fmt/format.h>

#include <memory>

#include "cli/engine_probes.h"
#include "diff/worker_command.h"

namespace slabhound::cli {
namespace {

int List() {
  std::string text;
#define SLABHOUND_ENGINE(name, word, description) \
  text += fmt::format("{:<18} {:<14} {}\n", word, "built in", description);
#include "diff/engines.def"
  const std::vector<std::string> installed = diff::InstalledEngines();
  for (const diff::ProcessEngineInfo& info : diff::ProcessEngines()) {
    bool any = false;
    for (const std::string& name : installed) {
      if (name != info.text && !name.starts_with(std::string(info.text) + "@")) continue;
      text += fmt::format("{:<18} {:<14} {}\n", name, "installed", info.description);
      any = true;
    }
    if (any) continue;
    text += fmt::format("{:<18} {:<14} {}\n", info.text,
                        info.kind == diff::EngineKind::Worker ? "your own" : "not installed",
                        info.description);
  }
  text += "scripts/engines.sh NAME… installs more\n";
  Print(text);
  return kExitFine;
}

int Check(const std::vector<std::string>& names) {
  int wrong = 0;
  for (const std::string& name : names) {
    const auto spec = diff::ParseEngine(name);
    if (!spec || diff::InProcess(*spec)) {
      return UsageError(
          fmt::format("{}: no engine behind a worker; `slabhound engines` lists them", name));
    }
    const ProbeReport report = ProbeEngine(*spec);
    if (!report.ran) return UsageError(report.text.substr(0, report.text.find('\n')));
    Print(report.text);
    Print(fmt::format("{} wrong answers\n", report.wrong));
    wrong += report.wrong;
  }
  return wrong == 0 ? kExitFine : kExitFinding;
}

}  // namespace

Command AddEnginesCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("engines", "list the engines, or check what one can do");
  CLI::App* check = parser->add_subcommand("check", "probe engines with small modules");
  const auto names = std::make_shared<std::vector<std::string>>();
  check->add_option("ENGINE", *names, "v8, wasmtime@31.0.0:opt=speed, worker:COMMAND …")
      ->required();
  return {parser, [check, names] { return check->parsed() ? Check(*names) : List(); }};
}

}  // namespace slabhound::cli
