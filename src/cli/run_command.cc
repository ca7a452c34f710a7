#include "cli/run_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "diff/dispatch.h"
#include "trace/cut.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string path;
  EngineFlags engines;
  BudgetFlags budgets;
};

// The calls of the plan that a run did not come to, behind a failure, a limit or no instance.
std::string NotMadeText(const testcase::Plan& plan, const trace::Trace& trace) {
  constexpr size_t kNamesMax = 8;
  const auto made = static_cast<size_t>(
      std::ranges::count(trace.events, trace::EventKind::Call, &trace::Event::kind));
  if (made >= plan.calls.size()) return {};
  std::string names;
  for (size_t i = made; i < plan.calls.size() && i < made + kNamesMax; ++i) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", plan.calls[i].export_name);
  }
  if (plan.calls.size() > made + kNamesMax) names += ", …";
  return fmt::format("{:<11} {} of {} calls: {}\n", "not made", plan.calls.size() - made,
                     plan.calls.size(), names);
}

int Run(const Flags& flags) {
  const auto engines = SelectEngines(flags.engines, {*engine::ParseEngine("slab")});
  if (!engines) return UsageError(engines.error());
  auto test_case = ReadCase(flags.path);
  if (!test_case) return UsageError(test_case.error());
  SetBudgets(flags.budgets, test_case->plan);
  const auto prepared = diff::Prepare(*std::move(test_case));
  if (!prepared) return UsageError(InvalidCase(flags.path, prepared.error()));
  worker::Lab lab = TodaysLab(flags.engines);
  if (const auto passed = SendCanariesToOwn(*engines, lab); !passed) {
    return UsageError(passed.error());
  }
  bool panicked = false, silent = false, exhausted = false;
  for (const engine::EngineSpec& engine : *engines) {
    if (engines->size() > 1) Print(fmt::format("== {}\n", engine::EngineText(engine)));
    const trace::Trace trace = diff::Run(*prepared, engine, lab);
    Print(trace::TraceText(trace));
    if (const auto cut = trace::FirstCut(trace)) {
      exhausted = true;
      Print(fmt::format("{:<11} {}\n", "ended", trace::CutText(*cut)));
    }
    Print(NotMadeText(prepared->plan, trace));
    if (const auto why = trace::WhySilent(trace)) {
      silent = true;
      UsageError(
          fmt::format("{}: {} did not run it: {}", flags.path, engine::EngineText(engine), *why));
    }
    if (!trace.failure) continue;
    panicked = true;
    Print(fmt::format("            {}\n", trace.failure->detail));
  }
  if (panicked) return kExitFinding;
  if (silent) return kExitUsage;
  return exhausted ? kExitExhausted : kExitFine;
}

}  // namespace

Command AddRunCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand("run", "run a test case and print its trace");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file")->required();
  AddEngineFlags(*parser, flags->engines);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  return {.parser = parser, .run = [flags] { return Run(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
