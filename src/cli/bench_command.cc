#include "cli/bench_command.h"

#include <algorithm>
#include <vector>

#include "cli/bench_faults_command.h"
#include "cli/bench_kernels_command.h"
#include "cli/guard.h"

namespace slabhound::cli {
namespace {

// A new measurement is a line here and a file pair bench_X_command.h/.cc.
constexpr Command (*kMeasurements[])(CLI::App&) = {AddBenchFaultsCommand, AddBenchKernelsCommand};

}  // namespace

Command AddBenchCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("bench", "measure Slabhound itself");
  parser->require_subcommand(1);
  std::vector<Command> measurements;
  for (const auto add : kMeasurements) measurements.push_back(add(*parser));
  return {parser, [measurements] {
            const auto chosen = std::ranges::find_if(
                measurements, [](const Command& each) { return each.parser->parsed(); });
            return chosen->is_guarded ? Guarded(chosen->run) : chosen->run();
          }};
}

}  // namespace slabhound::cli
