#include "cli/minimize_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "base/file.h"
#include "cli/best_so_far.h"
#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/external_predicate.h"
#include "cli/minimize_account.h"
#include "cli/minimize_progress.h"
#include "cli/number_flags.h"
#include "diff/tries.h"
#include "minimizer/finding.h"
#include "minimizer/weight.h"
#include "regression/regression_file.h"
#include "testcase/plan_text.h"
#include "wasm/encode.h"

namespace slabhound::cli {
namespace {

struct Flags {
  std::string imports;
  std::string path, out, signature, command;
  EngineFlags engines;
  BudgetFlags budgets;
  double seconds_max = 60, command_seconds_max = 10;
  uint64_t candidates_max = minimizer::Options().candidates_max;
  uint32_t jobs = 0;  // 0: one for each core
  bool explain = false, steps = false;
};

std::atomic<bool> interrupted = false;
// The second time it ends the command.
void Interrupt(int number) {
  interrupted = true;
  std::signal(number, SIG_DFL);
}

// The time of the whole command. Ctrl-C ends the reduction, not the command: the best so far is
// written.
class Clock {
 public:
  explicit Clock(double seconds_max) : seconds_max_(seconds_max) { std::signal(SIGINT, Interrupt); }
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  double Left() const { return std::max(0.0, seconds_max_ - Seconds()); }
  bool IsOver() const { return interrupted || Left() == 0; }

 private:
  const double seconds_max_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

minimizer::Options ReductionOptions(const Flags& flags, const Clock& clock,
                                    MinimizeProgress& progress, BestSoFar& best) {
  minimizer::Options options{
      .candidates_max = flags.candidates_max,
      .stop = [&clock] { return clock.IsOver(); },
      .progress = [&progress](const minimizer::Progress& now) { progress.Tell(now); }};
  options.accepted = [&flags, &best](const minimizer::Step& step) {
    if (flags.steps) Print(StepText(step));
    best.Keep(step.test_case);
  };
  return options;
}

// Minimizes what an earlier start left of the case, or the case.
template <typename Minimizer>
auto GoOn(const testcase::TestCase& test_case, const BestSoFar& best, const Minimizer& minimize) {
  if (const auto left = best.Left()) {
    fmt::print(stderr, "slabhound: goes on from {}, which an earlier start left\n", best.path());
    auto result = minimize(*left);
    if (result || result.error().kind != minimizer::FailureKind::NotInteresting) return result;
  }
  return minimize(test_case);
}

std::string Summary(const Flags& flags, const minimizer::Minimized& minimized, size_t before,
                    size_t after, double seconds) {
  const minimizer::Counts& counts = minimized.counts;
  std::string text = fmt::format(
      "size        {} -> {} bytes without plan and names{}\ncandidates  {} of {} proposed, {} "
      "accepted, "
      "{:.1f} s\n",
      before, after, minimized.complete ? "" : " (stopped before the fix-point)", counts.candidates,
      counts.proposed, counts.accepted, seconds);
  if (counts.timed_out + counts.not_started > 0) {
    text += fmt::format("no answer   {} timed out, {} could not be started\n", counts.timed_out,
                        counts.not_started);
  }
  if (counts.slipped > 0) {
    text +=
        fmt::format("slipped     {} candidates failed alike for another cause\n", counts.slipped);
  }
  if (flags.explain) text += AccountTable(minimized);
  return text;
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
                     regression->assertions, note,
                     engine::EngineText(regression->fails_on.value_or(origin.suspect)));
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

// What is wrong with a command that does not take the case itself.
std::string CommandError(const ExternalCommand& command, const minimizer::Failure& failure,
                         const testcase::TestCase& test_case) {
  using minimizer::FailureKind;
  switch (failure.kind) {
    case FailureKind::TimedOut:
      return fmt::format("the command did not end within {} s on the case itself: {}",
                         command.seconds_max, "--command-time gives it more");
    case FailureKind::NotStarted:
      return fmt::format("the command could not be started on the case itself ({})",
                         LastWords(command, test_case));
    case FailureKind::NotInteresting:
      return fmt::format("the command does not take the case itself ({}): {}",
                         LastWords(command, test_case), "exit code 0 is what is kept");
    default:
      return failure.message;
  }
}

int MinimizeByCommand(const Flags& flags, const testcase::TestCase& test_case, const Clock& clock) {
  const std::string stem = StemOf(flags);
  const ExternalCommand command{.command = flags.command,
                                .scratch = fmt::format("{}.{}.candidate", stem, getpid()),
                                .seconds_max = flags.command_seconds_max};
  const auto predicate = ExternalPredicate(command);
  if (!predicate) return UsageError(predicate.error());
  const size_t bytes = wasm::Encode(test_case.module).size();
  BestSoFar best(stem + ".best.wasm", test_case);
  const auto result = [&] {
    MinimizeProgress progress(minimizer::WeightOf(test_case, bytes).bytes);
    minimizer::Options options = ReductionOptions(flags, clock, progress, best);
    options.jobs = flags.jobs > 0 ? flags.jobs : std::max(1u, std::thread::hardware_concurrency());
    return GoOn(test_case, best, [&](const testcase::TestCase& from) {
      return minimizer::Minimize(from, *predicate, options);
    });
  }();
  if (!result) {
    return UsageError(
        fmt::format("{}: {}", flags.path, CommandError(command, result.error(), test_case)));
  }
  if (const int code = WriteModule(result->test_case, stem); code != kExitFine) return code;
  best.Remove();
  Print(Summary(flags, *result, bytes, wasm::Encode(result->test_case.module).size(),
                clock.Seconds()));
  Print(fmt::format("written     {0}.wasm, {0}.wat\n", stem));
  return kExitFine;
}

// What the engines make of the case: first with the least fuel, with which a candidate that loops
// costs little, then with its own.
Result<diff::Verdict, std::string> Judge(const Flags& flags, testcase::TestCase& test_case,
                                         std::vector<engine::EngineSpec>& engines,
                                         const worker::Lab& lab) {
  const std::vector<engine::EngineSpec> given = engines;
  const auto judge = [&](const testcase::TestCase& input) -> Result<diff::Verdict, std::string> {
    const auto prepared = diff::Prepare(input);
    if (!prepared) return Fail(prepared.error().Message());
    engines = given;
    const auto traces = diff::RunTries(*prepared, engines, lab);
    return diff::Compare(engines, traces, lab.today, lab.known_rows());
  };
  testcase::TestCase cheap = test_case;
  cheap.plan.budgets = testcase::kGeneratedBudgets;
  TRY_ASSIGN(diff::Verdict verdict, judge(cheap));
  const bool is_it =
      flags.signature.empty() || flags.signature == diff::SignatureText(verdict.signature);
  const bool hangs = verdict.signature.failure == trace::FailureKind::Timeout;
  if (!verdict.is_finding() || !is_it || hangs) return judge(test_case);
  test_case = std::move(cheap);
  return verdict;
}

// Candidates have less time than a case. True of any other finding.
bool StillHangs(const diff::Verdict& verdict, const testcase::TestCase& small,
                const std::vector<engine::EngineSpec>& engines, const worker::Lab& lab) {
  if (verdict.signature.failure != trace::FailureKind::Timeout) return true;
  const auto prepared = diff::Prepare(small);
  return prepared &&
         diff::Judge(*prepared, engines, lab.WithoutRecurrence()).signature == verdict.signature;
}

int MinimizeFinding(const Flags& flags, testcase::TestCase test_case,
                    std::vector<engine::EngineSpec> engines, const Clock& clock) {
  worker::Lab lab = TodaysLab(flags.engines);
  if (const auto known = ReadKnownFlag(flags.engines, lab); !known)
    return UsageError(known.error());
  if (const auto passed = SendCanariesToOwn(engines, lab); !passed) {
    return UsageError(passed.error());
  }
  lab.recurrence_time = std::min(
      lab.recurrence_time, std::chrono::milliseconds(static_cast<int64_t>(clock.Left() * 1000)));
  const auto judged = Judge(flags, test_case, engines, lab);
  if (!judged) return UsageError(fmt::format("{}: {}", flags.path, judged.error()));
  const diff::Verdict& verdict = *judged;
  if (!verdict.is_finding()) {
    return UsageError(fmt::format("{}: no finding to keep: the engines {} ({})", flags.path,
                                  diff::VerdictName(verdict.kind), "choose others by --engine"));
  }
  if (!flags.signature.empty() && flags.signature != diff::SignatureText(verdict.signature)) {
    return UsageError(fmt::format("{}: its signature is \"{}\", not \"{}\"", flags.path,
                                  diff::SignatureText(verdict.signature), flags.signature));
  }
  const std::string stem = StemOf(flags);
  minimizer::Keep keep = minimizer::KeepOf(verdict, std::move(engines), lab.ForCandidates());
  const size_t bytes = wasm::Encode(test_case.module).size();
  BestSoFar best(stem + ".best.wasm", test_case);
  auto result = [&] {
    MinimizeProgress progress(minimizer::WeightOf(test_case, bytes).bytes);
    const minimizer::Options options = ReductionOptions(flags, clock, progress, best);
    return GoOn(test_case, best, [&](const testcase::TestCase& from) {
      return minimizer::MinimizeFinding(from, keep, options);
    });
  }();
  if (!result) return UsageError(fmt::format("{}: {}", flags.path, result.error().message));
  testcase::TestCase& small = result->minimized.test_case;
  if (!StillHangs(verdict, small, result->engines, lab)) {
    return UsageError(fmt::format("{}: the smaller case only takes long; {}", flags.path,
                                  "give --command and --command-time a bound of your own"));
  }
  std::vector<std::string> texts;
  for (const engine::EngineSpec& each : result->engines) texts.push_back(engine::EngineText(each));
  // Who runs the case runs it as it fails.
  if (result->engines != keep.engines) small.plan.engines = texts;
  if (const int code = WriteModule(small, stem); code != kExitFine) return code;
  best.Remove();
  const auto name = [&](std::string_view ending) {
    return std::filesystem::path(stem).filename().string() + std::string(ending);
  };
  keep.engines = std::move(result->engines);
  keep.suspect = std::move(result->suspect);
  regression::Provenance origin = minimizer::ProvenanceOf(keep);
  origin.case_file = name(".wasm");
  origin.script_file = name(".wast");
  int code = kExitFine;
  const std::string script = WriteScript(small, origin, lab, stem + ".wast", code);
  if (code != kExitFine) return code;
  Print(fmt::format("signature   {}\nsuspect     {}\nengines     {}\n",
                    diff::SignatureText(keep.signature), engine::EngineText(keep.suspect),
                    fmt::join(texts, " ")));
  Print(
      Summary(flags, result->minimized, bytes, wasm::Encode(small.module).size(), clock.Seconds()));
  Print(fmt::format("written     {0}.wasm, {0}.wat\n{1}", stem, script));
  return kExitFine;
}

int Run(Flags flags) {
  // A back trace costs an engine's worker a fifth of a second.
  setenv("RUST_BACKTRACE", "0", 1);
  const Clock clock(flags.seconds_max);
  auto test_case = ReadCase(flags.path, flags.imports);
  if (!test_case) return UsageError(test_case.error());
  SetBudgets(flags.budgets, test_case->plan);
  if (!flags.command.empty()) return MinimizeByCommand(flags, *test_case, clock);
  if (ChooseNoEngine(flags.engines)) flags.engines.engines = test_case->plan.engines;
  auto engines = SelectComparedEngines(flags.engines, engine::DefaultEngines());
  if (!engines) return UsageError(engines.error());
  return MinimizeFinding(flags, *std::move(test_case), *std::move(engines), clock);
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
                   "where to write: FILE.wasm, FILE.wat and FILE.wast (default: CASE.min); until "
                   "then FILE.best.wasm is the smallest so far, from which a new start goes on")
      ->type_name("FILE");
  AddEngineFlags(*parser, flags->engines);
  AddKnownFlag(*parser, flags->engines);
  AddImportsFlag(*parser, flags->imports);
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
      ->check(Seconds(0.001, 3'600))
      ->capture_default_str();
  parser
      ->add_option("--jobs", flags->jobs,
                   "commands at a time (default: one for each core); the result is the same")
      ->needs("--command")
      ->check(CLI::Range(1, 256));
  parser->add_flag("--explain", flags->explain,
                   "print what each reducer proposed and got accepted");
  parser->add_flag("--steps", flags->steps, "print a line for each step that was accepted");
  parser->add_option("--time", flags->seconds_max, "seconds in all")
      ->check(Seconds(0, 1'000'000))
      ->capture_default_str();
  parser->add_option("--candidates", flags->candidates_max, "how many candidates to try at most")
      ->check(WholeNumber(0))
      ->capture_default_str();
  return {.parser = parser, .run = [flags] { return Run(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
