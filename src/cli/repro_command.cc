#include "cli/repro_command.h"

#include <fmt/format.h>

#include <memory>

#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/finding_folder.h"
#include "cli/number_flags.h"
#include "cli/trace_text.h"
#include "diff/tries.h"
#include "trace/cut.h"
#include "worker/run.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string imports;
  std::string path;
  EngineFlags engines;
  BudgetFlags budgets;
  uint32_t times = 1;
};

// The first engine's, as the one that the others are held against.
std::string Until(const std::vector<engine::EngineSpec>& engines,
                  const std::vector<trace::Trace>& traces) {
  for (size_t i = 0; i < traces.size(); ++i) {
    const auto cut = trace::FirstCut(traces[i]);
    if (!cut) continue;
    const std::string text = trace::CutText(*cut);
    return i == 0 ? text : fmt::format("{}: {}", engine::EngineText(engines[i]), text);
  }
  return {};
}

// A line for each engine that did not run the case, or refused its module.
std::string SilenceText(const std::vector<engine::EngineSpec>& engines,
                        const std::vector<trace::Trace>& traces) {
  std::string text;
  for (size_t i = 0; i < traces.size(); ++i) {
    if (const auto why = trace::WhySilent(traces[i])) {
      text += fmt::format("not run     {}: {}\n", engine::EngineText(engines[i]), *why);
    }
  }
  return text;
}

struct Judged {
  diff::Verdict verdict;
  std::string until;    // where a budget or an engine's limit ended it, if one did
  std::string silence;  // lines
};

// Judges as diff::Judge does, but each engine has its tries, and the suspect's worker gets its
// history first.
Judged Judge(const diff::Prepared& prepared, std::vector<engine::EngineSpec> engines,
             const FindingFolder& finding, const worker::Lab& lab) {
  const auto traces = diff::RunTries(
      prepared, engines, lab, [&](const engine::EngineSpec& engine) -> std::optional<trace::Trace> {
        if (finding.history.empty() || engine != finding.suspect) return std::nullopt;
        return worker::RunPortableAfter(finding.history, prepared, engine, lab);
      });
  diff::Verdict verdict = diff::Compare(engines, traces, lab.today, lab.known_rows());
  const bool behind = !finding.history.empty() && verdict.suspect == finding.suspect;
  if (verdict.kind == diff::VerdictKind::Diverge && behind) {
    verdict.signature.recurs = trace::Recurs::AfterOthers;
  }
  return {std::move(verdict), Until(engines, traces), SilenceText(engines, traces)};
}

// Nothing was found, and not everything was compared.
bool IsCutShort(const Judged& judged) {
  const diff::VerdictKind kind = judged.verdict.kind;
  const bool equal = kind == diff::VerdictKind::Agree || kind == diff::VerdictKind::Poisoned;
  return equal && !judged.until.empty();
}

std::string VerdictText(const Judged& judged) {
  const diff::Verdict& verdict = judged.verdict;
  std::string text = IsCutShort(judged)
                         ? fmt::format("verdict     agree until {}\n", judged.until)
                         : fmt::format("verdict     {}\n", diff::VerdictName(verdict.kind));
  if (verdict.is_finding()) {
    text += fmt::format("signature   {}\nsuspect     {}\n", diff::SignatureText(verdict.signature),
                        engine::EngineText(verdict.suspect));
  }
  for (const std::string& name : verdict.known) text += fmt::format("known       {}\n", name);
  for (const std::string& name : verdict.avoided) text += fmt::format("avoided     {}\n", name);
  if (verdict.is_finding() && !judged.until.empty()) {
    text += fmt::format("exhausted   {}\n", judged.until);
  }
  for (const std::string& what : verdict.needs) text += fmt::format("needs       {}\n", what);
  text += judged.silence;
  if (verdict.kind == diff::VerdictKind::Rejected) return text;
  if (!verdict.explanation.empty()) text += verdict.explanation + "\n";
  return text;
}

int Repro(Flags flags) {
  auto read = ReadFindingFolder(flags.path);
  if (!read) return UsageError(read.error());
  FindingFolder finding = read->value_or(FindingFolder{.case_file = flags.path});
  auto test_case = ReadCase(finding.case_file, flags.imports);
  if (!test_case) return UsageError(test_case.error());
  SetBudgets(flags.budgets, test_case->plan);
  if (ChooseNoEngine(flags.engines)) {
    flags.engines.engines = finding.engines.empty() ? test_case->plan.engines : finding.engines;
  }
  auto engines = SelectComparedEngines(flags.engines, engine::DefaultEngines());
  if (!engines) return UsageError(engines.error());
  worker::Lab lab = TodaysLab(flags.engines);
  if (const auto known = ReadKnownFlag(flags.engines, lab); !known)
    return UsageError(known.error());
  const auto prepared = diff::Prepare(*test_case);
  if (!prepared) return UsageError(InvalidCase(finding.case_file, prepared.error()));
  if (const auto passed = SendCanariesToOwn(*engines, lab); !passed) {
    return UsageError(passed.error());
  }
  // Of several times the first finding is told.
  std::optional<Judged> told;
  uint32_t findings = 0;
  for (uint32_t i = 0; i < flags.times; ++i) {
    Judged judged = Judge(*prepared, *engines, finding, lab);
    const bool is_finding = judged.verdict.is_finding();
    if (!told || (is_finding && findings == 0)) told = std::move(judged);
    findings += is_finding ? 1 : 0;
  }
  std::string text = VerdictText(*told);
  if (flags.times > 1) text += fmt::format("reproduced  {} of {}\n", findings, flags.times);
  Print(CaseNotes(*prepared) + text);
  if (findings > 0) return kExitFinding;
  if (told->verdict.kind == diff::VerdictKind::Rejected) return kExitUsage;
  return IsCutShort(*told) ? kExitExhausted : kExitFine;
}

}  // namespace

Command AddReproCommand(CLI::App& app) {
  CLI::App* parser =
      app.add_subcommand("repro", "run a test case on several engines and compare their traces");
  const auto flags = std::make_shared<Flags>();
  parser
      ->add_option(
          "CASE", flags->path,
          "a .wasm or .wat file, a .wast of one module, or a folder of findings/: its case "
          "behind its history, on its engines")
      ->required();
  parser->add_option("--times", flags->times, "how often, for what does not happen every time")
      ->check(WholeNumber(1, 1'000'000))
      ->capture_default_str();
  AddEngineFlags(*parser, flags->engines);
  AddKnownFlag(*parser, flags->engines);
  AddImportsFlag(*parser, flags->imports);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  return {.parser = parser, .run = [flags] { return Repro(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
