#include "cli/export_command.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "avoid/avoid.h"
#include "base/file.h"
#include "cli/budget_flags.h"
#include "cli/case_file.h"
#include "cli/number_flags.h"
#include "diff/dispatch.h"
#include "gen/generate.h"
#include "portable/self_checking.h"
#include "wasm/encode.h"

namespace slabhound::cli {
namespace {

struct ExportFlags {
  std::string path, folder;
  bool self_checking = false;
  std::optional<uint64_t> seed, wrong;
  uint64_t number = 0;
  std::vector<std::string> avoid;
  portable::PortableOptions options;
  BudgetFlags budgets;
};

std::string AvoidanceTexts() {
  std::string texts;
#define SLABHOUND_AVOIDANCE(name, text, ...) texts += " " text;
#include "avoid/avoidances.def"
  return texts;
}

// None for a text that names none.
avoid::Avoidance FindAvoidance(std::string_view wanted) {
#define SLABHOUND_AVOIDANCE(name, text, ...) \
  if (wanted == text) return avoid::Avoidance::name;
#include "avoid/avoidances.def"
  return avoid::Avoidance::None;
}

Result<void, std::string> Write(const ExportFlags& flags, std::string_view name,
                                wasm::Module module, std::string_view what) {
  for (const std::string& each : flags.avoid) avoid::Avoid(FindAvoidance(each), module);
  const std::string path = fmt::format("{}/{}.wasm", flags.folder, name);
  const auto written = WriteFile(path, wasm::Encode(module));
  if (!written) return Fail(written.error().message);
  Print(fmt::format("{}: {}\n", path, what));
  return {};
}

// A case of a campaign follows from its seed and number, and has a campaign's budgets.
Result<testcase::TestCase, std::string> CaseOf(const ExportFlags& flags) {
  if (!flags.seed) return ReadCase(flags.path);
  TRY_ASSIGN(testcase::TestCase test_case,
             testcase::ReadTestCase(gen::Generate(
                 gen::MakeRecipe(*flags.seed, flags.number, flags.options.exceptions))));
  test_case.plan.budgets = testcase::kGeneratedBudgets;
  return test_case;
}

Result<void, std::string> WriteModules(ExportFlags flags) {
  if (flags.path.empty() != flags.seed.has_value()) {
    return Fail(std::string("export takes a case's file, or --seed and --number of a campaign's"));
  }
  for (const std::string& each : flags.avoid) {
    if (FindAvoidance(each) == avoid::Avoidance::None) {
      return Fail(fmt::format("--avoid {}: no such rewrite; there are:{}", each, AvoidanceTexts()));
    }
  }
  if (flags.wrong && !flags.self_checking) {
    return Fail(std::string("--wrong goes with --self-checking"));
  }
  TRY_ASSIGN(testcase::TestCase test_case, CaseOf(flags));
  SetBudgets(flags.budgets, test_case.plan);
  flags.options =
      portable::Within(trace::RunLimits().Of(test_case.module, test_case.plan), flags.options);
  if (flags.seed) flags.path = fmt::format("case {} of seed {}", flags.number, *flags.seed);
  const auto prepared = diff::Prepare(test_case);
  if (!prepared) return Fail(fmt::format("{}: {}", flags.path, prepared.error().Message()));
  const auto why = [&flags](std::string_view message) {
    return Fail(fmt::format("{} cannot be exported: {}", flags.path, message));
  };
  if (const auto folder = MakeFolder(flags.folder); !folder) return Fail(folder.error().message);
  if (flags.seed) {
    const auto written = WriteFile(flags.folder + "/case.wasm", testcase::WriteTestCase(test_case));
    if (!written) return Fail(written.error().message);
  }
  const testcase::TestCase given{*prepared->module.module, prepared->plan};  // as engines get it
  if (!flags.self_checking) {
    const auto module = portable::MakePortable(given, flags.options);
    if (!module) return why(module.error().message);
    return Write(flags, "portable", *module, "runs beside the four imports of portable/portable.h");
  }
  const auto modules = portable::ExportSelfChecking(given, flags.options, flags.wrong);
  if (!modules) return why(modules.error());
  for (const portable::SelfChecking& each : *modules) {
    TRY(Write(flags, each.name, each.module,
              fmt::format("must {} ({} calls)", each.traps ? "trap" : "return", each.calls)));
  }
  return {};
}

}  // namespace

Command AddExportCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "export", "write a test case as modules for engines that know nothing of Slabhound");
  const auto flags = std::make_shared<ExportFlags>();
  parser->add_option("CASE", flags->path, "a .wasm or .wat file");
  parser
      ->add_option("--seed", flags->seed,
                   "instead of a file: a case of a campaign of this seed, "
                   "which becomes case.wasm")
      ->check(WholeNumber(0));
  parser->add_option("--number", flags->number, "which one of them (default 0)")
      ->check(WholeNumber(0));
  parser->add_option("--out", flags->folder, "folder for the modules")->required();
  parser->add_flag("--self-checking", flags->self_checking,
                   "no imports; run, _start or main returns if all is as the oracle has it, "
                   "and traps if not");
  parser
      ->add_option("--wrong", flags->wrong,
                   "with --self-checking: one more module, with the expectation of this number "
                   "changed, which must trap")
      ->check(WholeNumber(0));
  parser->add_flag("!--no-exceptions", flags->options.exceptions,
                   "for engines without exception instructions");
  AddBudgetFlags(*parser, flags->budgets, testcase::kPersonBudgets);
  parser
      ->add_option("--avoid", flags->avoid,
                   "rewrite modules for an engine that does one thing wrong:" + AvoidanceTexts())
      ->allow_extra_args(false);
  parser->add_option("--gc-one-in", flags->options.gc_one_in,
                     "call gc at one in so many places (default 0: nowhere)");
  parser->add_option("--gc-seed", flags->options.gc_seed, "which places");
  return {parser, [flags] {
            const auto written = WriteModules(*flags);
            return written ? kExitFine : UsageError(written.error());
          }};
}

}  // namespace slabhound::cli
