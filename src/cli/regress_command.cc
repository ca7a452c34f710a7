#include "cli/regress_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/case_file.h"
#include "cli/engine_flags.h"
#include "cli/regress_table.h"
#include "diff/tries.h"
#include "screen/progress.h"
#include "trace/cut.h"

namespace slabhound::cli {
namespace {

using engine::EngineSpec;
using Path = std::filesystem::path;

constexpr size_t kCasesMax = 10'000;
constexpr size_t kCommentBytesMax = 16u << 20;

struct Flags {
  std::string imports;
  std::vector<std::string> paths;
  EngineFlags engines;
  BudgetFlags budgets;
};

// The cases below a folder, or the file itself.
Result<void, std::string> FindCases(const std::string& path, std::set<Path>& cases) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    cases.emplace(path);
    return {};
  }
  std::map<Path, Path> by_stem;
  for (std::filesystem::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    const Path& file = it->path();
    const bool binary = file.extension() == ".wasm";
    if (!binary && file.extension() != ".wat") continue;
    Path& chosen = by_stem[file.parent_path() / file.stem()];
    if (chosen.empty() || binary) chosen = file;
    if (by_stem.size() > kCasesMax) {
      return Fail(fmt::format("{}: more than {} cases", path, kCasesMax));
    }
  }
  if (error) return Fail(fmt::format("{}: {}", path, error.message()));
  if (by_stem.empty()) return Fail(fmt::format("{}: no .wasm or .wat file in it", path));
  for (auto& [stem, file] : by_stem) cases.insert(std::move(file));
  return {};
}

// The record in the text of that case, if there is one.
Result<std::optional<RegressRecord>, std::string> RecordOf(const Path& path) {
  const Path text_path = path.extension() == ".wasm" ? Path(path).replace_extension(".wat") : path;
  const auto content = ReadFile(text_path.string(), kCommentBytesMax);
  if (!content) return std::optional<RegressRecord>();
  auto record = ReadRecord(AsText(*content));
  if (!record) return Fail(fmt::format("{}: its record: {}", text_path.string(), record.error()));
  return record;
}

// The engine that failed in the campaign that wrote the case.
std::optional<EngineSpec> SuspectOf(const Path& path) {
  const auto content = ReadFile((path.parent_path() / "finding.json").string(), 1u << 20);
  if (!content) return std::nullopt;
  const auto json = nlohmann::json::parse(AsText(*content), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("suspect") || !json["suspect"].is_string()) {
    return std::nullopt;
  }
  const auto suspect = engine::ParseEngine(json["suspect"].get_ref<const std::string&>());
  return suspect ? std::optional(*suspect) : std::nullopt;
}

// The configurations in which the engine runs the case.
Result<std::vector<EngineSpec>, std::string> Tries(const EngineSpec& engine,
                                                   const std::optional<RegressRecord>& record,
                                                   const std::optional<EngineSpec>& suspect) {
  if (engine::InProcess(engine) || engine != engine::Bare(engine)) return diff::TriesOf(engine);
  if (record && record->engine == engine::EngineName(engine) && !record->options.empty()) {
    const auto with = engine::WithOptions(engine, record->options);
    if (!with) return Fail("its record: " + with.error());
    return std::vector{*with};
  }
  std::vector<EngineSpec> tries;
  if (suspect && suspect->kind == engine.kind) {
    tries.push_back(*suspect);
    tries.back().version = engine.version;
  }
  std::ranges::move(diff::TriesOf(engine), std::back_inserter(tries));
  return tries;
}

// A case with small budgets of its own is meant to run out of them: what all count alike is no cut
// then.
std::optional<trace::Cut> CutOf(const trace::Trace& trace, bool own_budgets) {
  auto cut = trace::FirstCut(trace);
  if (own_budgets && !trace.heap_exhausted) cut.reset();
  return cut;
}

RegressCell Judge(const diff::Prepared& prepared, const trace::Trace& reference,
                  const std::vector<EngineSpec>& tries, bool own_budgets, const worker::Lab& lab) {
  RegressCell cell{RegressOutcome::NotAble, {}, {}};
  for (const EngineSpec& spec : tries) {
    const std::array engines = {EngineSpec{}, spec};
    const std::array traces = {reference, diff::Run(prepared, spec, lab)};
    const diff::Verdict verdict = diff::Compare(engines, traces, lab.today, lab.known_rows());
    const std::string& release = traces[1].engine_version;
    if (verdict.is_finding())
      return {RegressOutcome::Fails, diff::SignatureText(verdict.signature), release};
    if (verdict.kind == diff::VerdictKind::Rejected) {
      if (cell.outcome == RegressOutcome::NotAble) {
        cell.text = traces[1].unusable.value_or(verdict.explanation);
      }
      continue;
    }
    if (cell.outcome == RegressOutcome::Passes) continue;
    const auto cut = CutOf(traces[1], own_budgets);
    cell = {cut ? RegressOutcome::RanOut : RegressOutcome::Passes,
            cut ? trace::CutText(*cut) : std::string(), release};
  }
  return cell;
}

Result<RegressRow, std::string> RunCase(const Path& path, const Flags& flags,
                                        const std::vector<EngineSpec>& engines,
                                        const worker::Lab& lab, screen::Progress& progress) {
  RegressRow row{.name = path.string(), .record = {}, .cells = {}};
  TRY_ASSIGN(row.record, RecordOf(path));
  const auto suspect = SuspectOf(path);
  TRY_ASSIGN(testcase::TestCase test_case, ReadCase(row.name, flags.imports));
  const bool own_budgets = test_case.plan.budgets.has_value();
  SetBudgets(flags.budgets, test_case.plan);
  const auto prepared = diff::Prepare(std::move(test_case));
  if (!prepared) return Fail(InvalidCase(row.name, prepared.error()));
  const trace::Trace reference = diff::Run(*prepared, EngineSpec{}, lab);
  for (const EngineSpec& engine : engines) {
    const auto tries = Tries(engine, row.record, suspect);
    if (!tries) return Fail(fmt::format("{}: {}", row.name, tries.error()));
    row.cells.push_back(Judge(*prepared, reference, *tries, own_budgets, lab));
    progress.Step();
  }
  return row;
}

bool RanOut(const RegressRow& row) {
  return std::ranges::count(row.cells, RegressOutcome::RanOut, &RegressCell::outcome) != 0;
}

// How many cases each engine could not run; the first of each is told at once, on stderr.
class Silence {
 public:
  explicit Silence(const std::vector<EngineSpec>& engines)
      : engines_(engines), not_run_(engines.size()) {}

  void Count(const RegressRow& row, screen::Progress& progress) {
    ++rows_;
    for (size_t i = 0; i < engines_.size(); ++i) {
      if (row.cells[i].outcome != RegressOutcome::NotAble || ++not_run_[i] > 1) continue;
      progress.Erase();
      UsageError(fmt::format("{}: {} did not run it: {}", row.name, engine::EngineText(engines_[i]),
                             row.cells[i].text));
    }
  }

  // A line for each engine that ran less than half of the cases.
  std::string Text() const {
    std::string text;
    for (size_t i = 0; i < engines_.size(); ++i) {
      if (not_run_[i] * 2 <= rows_) continue;
      text += fmt::format("too few cases ran: {} ran {} of {}\n", engine::EngineText(engines_[i]),
                          rows_ - not_run_[i], rows_);
    }
    return text;
  }

 private:
  const std::vector<EngineSpec>& engines_;
  std::vector<size_t> not_run_;
  size_t rows_ = 0;
};

int Regress(const Flags& flags) {
  const auto engines = SelectEngines(flags.engines, engine::DefaultEngines());
  if (!engines) return UsageError(engines.error());
  worker::Lab lab = TodaysLab(flags.engines);
  if (const auto known = ReadKnownFlag(flags.engines, lab); !known)
    return UsageError(known.error());
  if (const auto passed = SendCanariesToOwn(*engines, lab); !passed) {
    return UsageError(passed.error());
  }
  std::set<Path> cases;
  for (const std::string& path : flags.paths) {
    if (const auto found = FindCases(path, cases); !found) return UsageError(found.error());
  }
  std::vector<RegressRow> rows;
  std::vector<std::string> surprises;
  Silence silence(*engines);
  screen::Progress progress("regress", cases.size() * engines->size());
  for (const Path& path : cases) {
    auto row = RunCase(path, flags, *engines, lab, progress);
    if (!row) {
      progress.Erase();
      return UsageError(row.error());
    }
    silence.Count(*row, progress);
    std::ranges::move(RegressSurprises(*engines, *row), std::back_inserter(surprises));
    rows.push_back(*std::move(row));
  }
  std::string text = RegressTableText(*engines, rows);
  for (const std::string& surprise : surprises) text += surprise + '\n';
  const std::string silent = silence.Text();
  Print(text + silent);
  if (!silent.empty()) return kExitUsage;
  if (!surprises.empty()) return kExitFinding;
  return std::ranges::any_of(rows, RanOut) ? kExitExhausted : kExitFine;
}

}  // namespace

Command AddRegressCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "regress", "a table of cases and engines: which releases fail, which pass");
  const auto flags = std::make_shared<Flags>();
  parser
      ->add_option(
          "PATH", flags->paths,
          "cases: .wasm or .wat files, .wast files of one module, or folders of the first two")
      ->required();
  AddEngineFlags(*parser, flags->engines);
  AddKnownFlag(*parser, flags->engines);
  AddImportsFlag(*parser, flags->imports);
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  return {.parser = parser, .run = [flags] { return Regress(*flags); }, .is_guarded = true};
}

}  // namespace slabhound::cli
