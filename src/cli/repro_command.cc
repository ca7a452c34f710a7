#include "cli/repro_command.h"

#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/finding_folder.h"
#include "cli/number_flags.h"
#include "cli/repro_screen.h"
#include "cli/trace_text.h"
#include "diff/tries.h"
#include "heap/fault.h"
#include "worker/history_section.h"
#include "worker/run.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string imports;
  std::string path;
  EngineFlags engines;
  BudgetFlags budgets;
  uint32_t times = 1;
  bool plain = false, verbose = false;
  std::string picture;
};

// Judges as diff::Judge does, but each engine has its tries, and the suspect's worker gets its
// history first.
Judged Judge(const diff::Prepared& prepared, std::vector<engine::EngineSpec> engines,
             const FindingFolder& finding, const worker::Lab& lab) {
  auto traces = diff::RunTries(
      prepared, engines, lab, [&](const engine::EngineSpec& engine) -> std::optional<trace::Trace> {
        if (finding.history.empty() || engine != finding.suspect) return std::nullopt;
        return worker::RunPortableAfter(finding.history, prepared, engine, lab);
      });
  diff::Verdict verdict = diff::Compare(engines, traces, lab.today, lab.known_rows());
  const bool behind = !finding.history.empty() && verdict.suspect == finding.suspect;
  if (verdict.kind == diff::VerdictKind::Diverge && behind) {
    verdict.signature.recurs = trace::Recurs::AfterOthers;
  }
  return {std::move(engines), std::move(traces), std::move(verdict), lab.today};
}

// The events of all engines, as `run` prints them.
std::string EventsText(const diff::Prepared& prepared, const Judged& judged) {
  std::string text;
  for (size_t i = 0; i < judged.engines.size(); ++i) {
    text += fmt::format("== {}\n{}", engine::EngineText(judged.engines[i]),
                        CaseTraceText(prepared, judged.traces[i]));
  }
  return text;
}

// Draws the heaps into the file; says which, or what is wrong with it.
std::string WritePicture(const std::string& file, const Judged& judged, const Heaps& heaps,
                         const diff::Prepared& prepared) {
  const std::string text = PictureText(judged, heaps, prepared);
  const auto written = WriteFile(file, AsBytes(text));
  return written ? file : fmt::format("none: {}", written.error().message);
}

// What the injected fault did in this process so far, a line; nothing without one.
std::string FaultText(const std::vector<engine::EngineSpec>& engines) {
  for (const engine::EngineSpec& engine : engines) {
    const heap::Fault fault = engine.slab.fault;
    if (fault != heap::Fault::None) return heap::FaultCountText(fault) + "\n";
  }
  return {};
}

// What the case's file says of its history goes to the finding, and with a file that names no
// engines the one that the history is of. The error is one line.
Result<void, std::string> TakeHistory(testcase::TestCase& test_case, FindingFolder& finding) {
  TRY_ASSIGN(worker::CaseHistory history, worker::TakeHistory(test_case.module));
  if (history.runs.empty()) return {};
  TRY_ASSIGN(finding.suspect, engine::ParseEngine(history.suspect));
  finding.history = std::move(history.runs);
  if (finding.engines.empty() && test_case.plan.engines.empty()) {
    finding.engines = {engine::EngineText({}), history.suspect};
  }
  return {};
}

int Repro(Flags flags) {
  auto read = ReadFindingFolder(flags.path);
  if (!read) return UsageError(read.error());
  const bool is_folder = read->has_value();
  FindingFolder finding = read->value_or(FindingFolder{.case_file = flags.path});
  auto test_case = ReadCase(finding.case_file, flags.imports);
  if (!test_case) return UsageError(test_case.error());
  if (const auto taken = TakeHistory(*test_case, finding); !taken) {
    return UsageError(fmt::format("{}: {}", finding.case_file, taken.error()));
  }
  SetBudgets(flags.budgets, test_case->plan);
  if (ChooseNoEngine(flags.engines)) {
    flags.engines.engines = finding.engines.empty() ? test_case->plan.engines : finding.engines;
  }
  auto engines = SelectComparedEngines(flags.engines, engine::DefaultEngines());
  if (!engines) return UsageError(engines.error());
  worker::Lab lab = TodaysLab(flags.engines);
  lab.limits.keep_walks = true;
  if (const auto known = ReadKnownFlag(flags.engines, lab); !known)
    return UsageError(known.error());
  const auto prepared = diff::Prepare(*test_case);
  if (!prepared) return UsageError(InvalidCase(finding.case_file, prepared.error()));
  if (const auto passed = SendCanariesToOwn(*engines, lab); !passed) {
    return UsageError(passed.error());
  }
  // Of several times the first finding is told; what the fault did is that of all.
  std::optional<Judged> told;
  uint32_t findings = 0;
  for (uint32_t i = 0; i < flags.times; ++i) {
    Judged judged = Judge(*prepared, *engines, finding, lab);
    const bool is_finding = judged.verdict.is_finding();
    if (!told || (is_finding && findings == 0)) told = std::move(judged);
    findings += is_finding ? 1 : 0;
  }
  // Before the heaps are looked for, which runs the case again.
  const std::string fault_text = FaultText(*engines);
  std::string text = CaseNotes(*prepared);
  const auto heaps = flags.plain ? std::nullopt : HeapsOf(*told, *prepared, lab);
  if (flags.picture.empty() && is_folder) flags.picture = flags.path + "/heap.svg";
  std::string picture;
  if (heaps && !flags.picture.empty()) {
    picture = WritePicture(flags.picture, *told, *heaps, *prepared);
  }
  const Screen screen{.judged = *told,
                      .prepared = *prepared,
                      .finding = finding,
                      .heaps = heaps,
                      .path = flags.path,
                      .picture = std::move(picture),
                      .times = flags.times,
                      .findings = findings};
  if (told->verdict.is_finding() && !flags.plain) {
    text += ScreenText(screen);
  } else if (is_folder && !flags.plain) {
    text += UnseenText(screen);
  } else {
    text += PlainText(*told);
    if (flags.times > 1) text += fmt::format("reproduced  {} of {}\n", findings, flags.times);
  }
  if (flags.verbose) text += EventsText(*prepared, *told);
  text += fault_text;
  Print(text);
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
  parser->add_flag("--plain", flags->plain, "the verdict and what both sides had, no more");
  parser->add_flag("--verbose", flags->verbose, "the events of all engines, too");
  parser
      ->add_option("--svg", flags->picture,
                   "where to draw the two heaps, if they differ (default: heap.svg in the folder)")
      ->type_name("FILE");
  AddEngineFlags(*parser, flags->engines);
  AddKnownFlag(*parser, flags->engines);
  AddImportsFlag(*parser, flags->imports);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  return {.parser = parser, .run = [flags] { return Repro(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
