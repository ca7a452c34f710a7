#include "cli/census_command.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/budget_flags.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "diff/dispatch.h"
#include "worker/census.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string imports;
  std::string path;
  EngineFlags engines;
  BudgetFlags budgets;
};

std::string GrowthText(const worker::Growth& growth) {
  if (growth.per_round == 0) return "does not grow";
  return fmt::format("grows by {:.2f} {} a round", growth.per_round, growth.unit);
}

int Run(Flags flags) {
  auto test_case = ReadCase(flags.path, flags.imports);
  if (!test_case) return UsageError(test_case.error());
  if (ChooseNoEngine(flags.engines)) flags.engines.engines = test_case->plan.engines;
  const auto engines = SelectEngines(flags.engines, {});
  if (!engines) return UsageError(engines.error());
  SetBudgets(flags.budgets, test_case->plan);
  auto& budgets = test_case->plan.budgets;
  if (!budgets) budgets = testcase::kPersonBudgets;
  budgets->fuel_total = worker::kFuelOfRounds;
  const auto prepared = diff::Prepare(*std::move(test_case));
  if (!prepared) return UsageError(InvalidCase(flags.path, prepared.error()));
  const worker::Lab lab = TodaysLab(flags.engines);
  std::vector<std::string> grown;
  size_t steady = 0;
  for (const engine::EngineSpec& engine : *engines) {
    const std::string name = engine::EngineText(engine);
    if (engine::InProcess(engine)) {
      Print(fmt::format("{}: each of its runs ends with a census\n", name));
      continue;
    }
    const auto growth = worker::GrowthOf(*prepared, engine, lab);
    Print(fmt::format("{}: {}\n", name, growth ? GrowthText(*growth) : growth.error()));
    if (!growth) continue;
    if (growth->per_round == 0) {
      ++steady;
    } else {
      grown.push_back(name);
    }
  }
  if (grown.empty()) return kExitFine;
  for (const std::string& name : grown) {
    Print(fmt::format("{:<11} {}{}\n", "verdict", steady != 0 ? "LEAK in " : "open: ",
                      steady != 0 ? name : name + " grows, and no other engine was seen not to"));
  }
  return steady != 0 ? kExitFinding : kExitFine;
}

}  // namespace

Command AddCensusCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "census", "tell whether a real engine's heap grows with each run of a case");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file, or a .wast of one module")
      ->required();
  AddEngineFlags(*parser, flags->engines);
  AddImportsFlag(*parser, flags->imports);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  return {.parser = parser, .run = [flags] { return Run(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
