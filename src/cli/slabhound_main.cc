// The `slabhound` command: one table of subcommands.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "cli/bench_command.h"
#include "cli/campaign_command.h"
#include "cli/census_command.h"
#include "cli/check_command.h"
#include "cli/engines_command.h"
#include "cli/export_command.h"
#include "cli/faults_command.h"
#include "cli/findings_command.h"
#include "cli/guard.h"
#include "cli/merge_command.h"
#include "cli/minimize_command.h"
#include "cli/reach_command.h"
#include "cli/regress_command.h"
#include "cli/repro_command.h"
#include "cli/run_command.h"
#include "cli/serve_command.h"
#include "cli/show_command.h"
#include "cli/wast_command.h"
#include "heap/fault.h"

namespace slabhound::cli {
namespace {

// A new subcommand is a line here and a file pair X_command.h/.cc.
constexpr Command (*kCommands[])(CLI::App&) = {
    AddCampaignCommand, AddFindingsCommand, AddRunCommand,    AddReproCommand,   AddMinimizeCommand,
    AddRegressCommand,  AddShowCommand,     AddWastCommand,   AddEnginesCommand, AddExportCommand,
    AddFaultsCommand,   AddBenchCommand,    AddCensusCommand, AddServeCommand,   AddReportCommand,
    AddCheckCommand,    AddReachCommand,    AddMergeCommand,
};

int Parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return kExitFine;
  } catch (const CLI::Success& asked) {  // --help, --version
    app.exit(asked);
    return -1;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::ranges::replace(message, '\n', ' ');
    return UsageError(fmt::format("{} (slabhound --help tells what there is)", message));
  }
}

int Main(int argc, char** argv) {
  CLI::App app("Slabhound hunts heap bugs in WebAssembly GC engines.", "slabhound");
  app.set_version_flag("--version", fmt::format("slabhound {}{}", SLABHOUND_VERSION,
                                                heap::FaultsCompiledIn() ? " (faulty build)" : ""));
  app.require_subcommand(0, 1);
  app.set_help_all_flag("--help-all", "help of all subcommands");
  std::vector<Command> commands;
  for (const auto add : kCommands) commands.push_back(add(app));
  if (const int code = Parse(app, argc, argv); code != kExitFine) return std::max(code, 0);
  const auto chosen = std::ranges::find_if(
      commands, [](const Command& command) { return command.parser->parsed(); });
  if (chosen == commands.end()) {
    return UsageError("a subcommand is missing (slabhound --help tells what there is)");
  }
  const auto run = [&] {
    const int code = chosen->run();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      return UsageError(fmt::format("standard output: {}", std::strerror(errno)));
    }
    return code;
  };
  return chosen->is_guarded ? Guarded(run) : run();
}

}  // namespace
}  // namespace slabhound::cli

int main(int argc, char** argv) { return slabhound::cli::Main(argc, argv); }
