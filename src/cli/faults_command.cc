#include "cli/faults_command.h"

#include <fmt/format.h>

#include "heap/fault.h"

namespace slabhound::cli {
namespace {

// Two lines a fault: 120 columns.
int ListFaults() {
  std::string text;
  for (const heap::FaultInfo& fault : heap::FaultCatalogue()) {
    text += fmt::format("{} {:<27} in {:<8}  {:<8} {:<12} models {}\n    {}\n", fault.number,
                        fault.name, fault.room, fault.collectors, fault.checked, fault.models,
                        fault.text);
  }
  text += "--fault NAME injects one: room, collectors that it harms, what shows it";
  if (!heap::FaultsCompiledIn()) {
    text +=
        "\nnone is compiled into this build; build/faulty/slabhound has them "
        "(scripts/build.sh faulty slabhound)";
  }
  Print(text + "\n");
  return kExitFine;
}

}  // namespace

Command AddFaultsCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("faults", "list the faults that can be injected");
  return {parser, ListFaults};
}

}  // namespace slabhound::cli
