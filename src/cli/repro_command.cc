#include "cli/repro_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "diff/compare.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string path;
  EngineFlags engines;
};

int Repro(const Flags& flags) {
  auto engines = SelectEngines(flags.engines, diff::DefaultEngines());
  if (!engines) return UsageError(engines.error());
  // The first engine is the reference that the others are held against.
  if (engines->front().kind != diff::EngineKind::Oracle) {
    engines->insert(engines->begin(), diff::EngineSpec{});
  }
  const auto test_case = ReadCase(flags.path);
  if (!test_case) return UsageError(test_case.error());
  const auto prepared = diff::Prepare(*test_case);
  if (!prepared) return UsageError(InvalidCase(flags.path, prepared.error()));
  const diff::Verdict verdict = diff::Judge(*prepared, *engines, diff::RunLimits());
  std::string text = fmt::format("verdict     {}\n", diff::VerdictName(verdict.kind));
  if (verdict.is_finding()) {
    text += fmt::format("signature   {}\nsuspect     {}\n", verdict.signature,
                        diff::EngineText(verdict.suspect));
  }
  for (const std::string& name : verdict.known) text += fmt::format("known       {}\n", name);
  for (const std::string& name : verdict.avoided) text += fmt::format("avoided     {}\n", name);
  for (const auto& [ran_out, what] :
       {std::pair(verdict.fuel_exhausted, "fuel"), std::pair(verdict.depth_exhausted, "call-depth"),
        std::pair(verdict.heap_exhausted, "heap")}) {
    if (ran_out) text += fmt::format("exhausted   {}\n", what);
  }
  if (!verdict.explanation.empty()) text += verdict.explanation + "\n";
  Print(text);
  return verdict.is_finding() ? kExitFinding : kExitFine;
}

}  // namespace

Command AddReproCommand(CLI::App& app) {
  CLI::App* parser =
      app.add_subcommand("repro", "run a test case on several engines and compare their traces");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file")->required();
  AddEngineFlags(*parser, flags->engines);
  return {parser, [flags] { return Repro(*flags); }};
}

}  // namespace slabhound::cli
