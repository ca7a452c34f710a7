#include "cli/run_command.h"

#include <fmt/format.h>

#include <memory>

#include "cli/budget_flags.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/trace_text.h"
#include "diff/dispatch.h"
#include "trace/cut.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string path;
  EngineFlags engines;
  BudgetFlags budgets;
};

int Run(Flags flags) {
  auto test_case = ReadCase(flags.path);
  if (!test_case) return UsageError(test_case.error());
  if (ChooseNoEngine(flags.engines)) flags.engines.engines = test_case->plan.engines;
  const auto engines = SelectEngines(flags.engines, {*engine::ParseEngine("slab")});
  if (!engines) return UsageError(engines.error());
  SetBudgets(flags.budgets, test_case->plan);
  const auto prepared = diff::Prepare(*std::move(test_case));
  if (!prepared) return UsageError(InvalidCase(flags.path, prepared.error()));
  Print(CaseNotes(*prepared));
  bool panicked = false, exhausted = false;
  for (const engine::EngineSpec& engine : *engines) {
    if (engines->size() > 1) Print(fmt::format("== {}\n", engine::EngineText(engine)));
    const trace::Trace trace = diff::Run(*prepared, engine, TodaysLab(flags.engines));
    Print(CaseTraceText(*prepared, trace));
    if (const auto cut = trace::FirstCut(trace)) {
      exhausted = true;
      Print(fmt::format("{:<11} {}\n", "ended", trace::CutText(*cut)));
    }
    if (!trace.failure) continue;
    panicked = true;
    Print(fmt::format("            {}\n", trace.failure->detail));
  }
  if (panicked) return kExitFinding;
  return exhausted ? kExitExhausted : kExitFine;
}

}  // namespace

Command AddRunCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("run", "run a test case and print its trace");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file, or a .wast of one module")
      ->required();
  AddEngineFlags(*parser, flags->engines);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  return {parser, [flags] { return Run(*flags); }};
}

}  // namespace slabhound::cli
