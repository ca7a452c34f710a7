#include "cli/minimize_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "cli/budget_flags.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/external_predicate.h"
#include "diff/tries.h"
#include "minimizer/finding.h"
#include "regression/regression_file.h"
#include "testcase/plan_text.h"
#include "wasm/encode.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string path, out, signature, command;
  EngineFlags engines;
  BudgetFlags budgets;
  double seconds_max = 60, command_seconds_max = 10;
  uint64_t candidates_max = minimizer::Options().candidates_max;
};

std::atomic<bool> interrupted = false;
void Interrupt(int) { interrupted = true; }

// Ctrl-C ends the reduction, not the command: the best so far is written.
minimizer::Options ReductionOptions(const Flags& flags) {
  using Clock = std::chrono::steady_clock;
  std::signal(SIGINT, Interrupt);
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(flags.seconds_max));
  return {.candidates_max = flags.candidates_max,
          .stop = [end] { return interrupted || Clock::now() >= end; }};
}

std::string Summary(const minimizer::Minimized& minimized, size_t before, size_t after,
                    double seconds) {
  const minimizer::Counts& counts = minimized.counts;
  return fmt::format(
      "size        {} -> {} bytes without plans{}\ncandidates  {} of {} proposed, {} accepted, "
      "{:.1f} s\n",
      before, after, minimized.complete ? "" : " (stopped before the fix-point)", counts.candidates,
      counts.proposed, counts.accepted, seconds);
}

// Writes the script, if one shows it.
std::string WriteScript(const testcase::TestCase& test_case, const regression::Provenance& origin,
                        const worker::Lab& lab, const std::string& path, int& exit_code) {
  const auto regression = regression::WriteRegressionFile(test_case, origin, lab.workers);
  if (!regression) return fmt::format("script      none: {}\n", regression.error().message);
  if (const auto written = WriteFile(path, AsBytes(regression->script)); !written) {
    exit_code = UsageError(written.error().message);
    return {};
  }
  std::string note;
  if (regression->left_out > 0) note += fmt::format(", {} calls left out", regression->left_out);
  return fmt::format("script      {}: {} assertions{}, shows it on {}\n", path,
                     regression->assertions, note, engine::EngineText(origin.suspect));
}

int WriteModule(const testcase::TestCase& test_case, const std::string& stem) {
  for (const auto& [path, content] : {std::pair(stem + ".wasm", testcase::WriteTestCase(test_case)),
                                      std::pair(stem + ".wat", [&] {
                                        const std::string text = testcase::PrintTestCase(test_case);
                                        const ByteSpan bytes = AsBytes(text);
                                        return Bytes(bytes.begin(), bytes.end());
                                      }())}) {
    if (const auto written = WriteFile(path, content); !written) {
      return UsageError(written.error().message);
    }
  }
  return kExitFine;
}

// FILE without its ending; by default beside the case.
std::string StemOf(const Flags& flags) {
  if (flags.out.empty()) {
    return std::filesystem::path(flags.path).replace_extension().string() + ".min";
  }
  const std::filesystem::path out(flags.out);
  const std::string ending = out.extension().string();
  const bool ours = ending == ".wasm" || ending == ".wat" || ending == ".wast";
  return ours ? std::filesystem::path(out).replace_extension().string() : flags.out;
}

int MinimizeByCommand(const Flags& flags, const testcase::TestCase& test_case) {
  const std::string stem = StemOf(flags);
  const std::string scratch = fmt::format("{}.{}.candidate.wasm", stem, getpid());
  const auto predicate = ExternalPredicate(flags.command, scratch, flags.command_seconds_max);
  if (!predicate) return UsageError(predicate.error());
  const auto begin = std::chrono::steady_clock::now();
  const auto result = minimizer::Minimize(test_case, *predicate, ReductionOptions(flags));
  std::error_code ignored;
  std::filesystem::remove(scratch, ignored);
  if (!result) return UsageError(fmt::format("{}: {}", flags.path, result.error().message));
  if (const int code = WriteModule(result->test_case, stem); code != kExitFine) return code;
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  Print(Summary(*result, wasm::Encode(test_case.module).size(),
                wasm::Encode(result->test_case.module).size(), time.count()));
  Print(fmt::format("written     {0}.wasm, {0}.wat\n", stem));
  return kExitFine;
}

int MinimizeFinding(const Flags& flags, const testcase::TestCase& test_case,
                    const diff::Prepared& prepared, std::vector<engine::EngineSpec> engines) {
  const worker::Lab lab = TodaysLab(flags.engines);
  const auto traces = diff::RunTries(prepared, engines, lab);
  const diff::Verdict verdict = diff::Compare(engines, traces, lab.today);
  if (!verdict.is_finding()) {
    return UsageError(fmt::format("{}: no finding to keep: the engines {} ({})", flags.path,
                                  diff::VerdictName(verdict.kind), "choose others by --engine"));
  }
  if (!flags.signature.empty() && flags.signature != diff::SignatureText(verdict.signature)) {
    return UsageError(fmt::format("{}: its signature is \"{}\", not \"{}\"", flags.path,
                                  diff::SignatureText(verdict.signature), flags.signature));
  }
  const std::string stem = StemOf(flags);
  const auto begin = std::chrono::steady_clock::now();
  const minimizer::Keep keep = minimizer::KeepOf(verdict, std::move(engines), lab);
  const auto result = minimizer::MinimizeFinding(test_case, keep, ReductionOptions(flags));
  if (!result) return UsageError(fmt::format("{}: {}", flags.path, result.error().message));
  const testcase::TestCase& small = result->minimized.test_case;
  if (const int code = WriteModule(small, stem); code != kExitFine) return code;
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  const auto name = [&](std::string_view ending) {
    return std::filesystem::path(stem).filename().string() + std::string(ending);
  };
  regression::Provenance origin = minimizer::ProvenanceOf(keep);
  origin.case_file = name(".wasm");
  origin.script_file = name(".wast");
  int code = kExitFine;
  const std::string script = WriteScript(small, origin, lab, stem + ".wast", code);
  if (code != kExitFine) return code;
  Print(fmt::format("signature   {}\nsuspect     {}\n", diff::SignatureText(keep.signature),
                    engine::EngineText(keep.suspect)));
  Print(Summary(result->minimized, wasm::Encode(test_case.module).size(),
                wasm::Encode(small.module).size(), time.count()));
  Print(fmt::format("written     {0}.wasm, {0}.wat\n{1}", stem, script));
  return kExitFine;
}

int Run(Flags flags) {
  // A back trace costs an engine's worker a fifth of a second.
  setenv("RUST_BACKTRACE", "0", 1);
  auto test_case = ReadCase(flags.path);
  if (!test_case) return UsageError(test_case.error());
  SetBudgets(flags.budgets, test_case->plan);
  if (!flags.command.empty()) return MinimizeByCommand(flags, *test_case);
  if (ChooseNoEngine(flags.engines)) flags.engines.engines = test_case->plan.engines;
  auto engines = SelectComparedEngines(flags.engines, engine::DefaultEngines());
  if (!engines) return UsageError(engines.error());
  const auto prepared = diff::Prepare(*test_case);
  if (!prepared) return UsageError(InvalidCase(flags.path, prepared.error()));
  return MinimizeFinding(flags, *test_case, *prepared, *std::move(engines));
}

}  // namespace

Command AddMinimizeCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "minimize", "shrink a test case that shows a finding, and write a regression script");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file, or a .wast of one module")
      ->required();
  parser
      ->add_option("--out", flags->out,
                   "where to write: FILE.wasm, FILE.wat and FILE.wast (default: CASE.min)")
      ->type_name("FILE");
  AddEngineFlags(*parser, flags->engines);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  parser
      ->add_option("--signature", flags->signature,
                   "the signature that the case must have (default: the one it has)")
      ->type_name("TEXT");
  parser
      ->add_option("--command", flags->command,
                   "keep what makes this shell command exit with 0; {} is the candidate's file")
      ->type_name("COMMAND");
  parser->add_option("--command-time", flags->command_seconds_max, "seconds for one command")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
  parser->add_option("--time", flags->seconds_max, "seconds in all")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  parser->add_option("--candidates", flags->candidates_max, "how many candidates to try at most")
      ->capture_default_str();
  return {parser, [flags] { return Run(*flags); }};
}

}  // namespace slabhound::cli
