#include "cli/check_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/file.h"
#include "campaign/gc_price.h"
#include "check/check.h"
#include "check/verdict.h"
#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/engine_flags.h"
#include "cli/number_flags.h"

namespace slabhound::cli {
namespace {

struct Flags {
  uint64_t seed = 1, modules = 0;
  std::string time, fail_on = "refusal";
  std::string junit, sarif;
  EngineFlags engines;
  BudgetFlags budgets;
  unsigned jobs = 0;
  check::Options check;
};

// "memory-corruption" is "memory corruption".
Result<cause::Severity, std::string> ParseSeverity(std::string text) {
  std::ranges::replace(text, '-', ' ');
  const auto severity = cause::FindSeverity(text);
  if (severity) return *severity;
  std::string names;
  for (int i = 0; i <= static_cast<int>(cause::Severity::Refusal); ++i) {
    std::string name(cause::SeverityName(static_cast<cause::Severity>(i)));
    std::ranges::replace(name, ' ', '-');
    names += " " + name;
  }
  return Fail(fmt::format("--fail-on {}: one of{}", text, names));
}

// The campaign of a check; what takes an engine is asked of it.
Result<campaign::Options, std::string> CampaignOf(const Flags& flags) {
  campaign::Options options;
  options.seed = flags.seed;
  if (flags.modules > 0) options.modules = flags.modules;
  const std::string time = flags.time.empty() && flags.modules == 0 ? "5m" : flags.time;
  if (!time.empty()) {
    options.seconds = ParseTime(time);
    if (!options.seconds) {
      return Fail(fmt::format("--time {}: a whole number of s, m or h, as in 120s", time));
    }
  }
  options.jobs = JobsOf(flags.jobs);
  TRY_ASSIGN(options.fault, ParseFault(flags.engines.fault));
  TRY_ASSIGN(options.engines,
             SelectComparedEngines(flags.engines, engine::CampaignEngines(options.fault),
                                   MayBeDrawn::Yes));
  worker::Lab lab = TodaysLab(flags.engines);
  TRY(ReadKnownFlag(flags.engines, lab));
  TRY(SendCanaries(options.engines, lab));
  options.today = lab.today;
  options.known = lab.known;
  options.without_exceptions = lab.without_exceptions;
  options.worker_limits = WorkerLimitsOf(flags.engines);
  options.budgets = BudgetsOf(flags.budgets, testcase::kGeneratedBudgets);
  // What forced collections cost is measured; where a check must be the same each time it is not.
  if (options.seconds) campaign::SetGcPrices(options.engines, lab);
  return options;
}

// A report under a name of the user's own.
Result<void, std::string> Copy(const check::Options& options, const char* name,
                               const std::string& to) {
  if (to.empty()) return {};
  constexpr size_t kReportBytesMax = size_t{1} << 30;
  const auto content = ReadFile(fmt::format("{}/{}", options.out, name), kReportBytesMax);
  if (!content) return Fail(content.error().message);
  if (const auto written = WriteFile(to, *content); !written) {
    return Fail(written.error().message);
  }
  return {};
}

int Check(Flags flags) {
  check::Options& options = flags.check;
  const auto severity = ParseSeverity(flags.fail_on);
  if (!severity) return UsageError(severity.error());
  options.fail_on = *severity;
  options.version = SLABHOUND_VERSION;
  auto campaign = CampaignOf(flags);
  if (!campaign) return UsageError(campaign.error());
  options.campaign = *std::move(campaign);
  const std::string begun =
      fmt::format("slabhound: checking; {}/campaign.log tells how far it is\n", options.out);
  std::fwrite(begun.data(), 1, begun.size(), stderr);
  const auto report = check::RunCheck(options);
  if (!report) return UsageError(report.error());
  for (const auto& [name, to] :
       {std::pair("junit.xml", flags.junit), std::pair("slabhound.sarif", flags.sarif)}) {
    if (const auto copied = Copy(options, name, to); !copied) return UsageError(copied.error());
  }
  Print(check::VerdictText(*report, options.out));
  return check::ExitCode(check::VerdictOf(*report));
}

}  // namespace

Command AddCheckCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "check", "regression files and a campaign on an engine, for the CI of its team");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("--seed", flags->seed, "what all cases follow from")
      ->check(WholeNumber(0))
      ->capture_default_str();
  parser
      ->add_option("--time", flags->time,
                   "how long, as in 5m (default: 5m, or what --modules takes)")
      ->type_name("TIME");
  parser
      ->add_option("--modules", flags->modules,
                   "how many modules; without --time the result is the same each time")
      ->check(WholeNumber(1));
  AddJobsFlag(*parser, flags->jobs, "processes that generate and run (default: one a core)");
  parser
      ->add_option("--regressions", flags->check.regressions,
                   "regression files (.wast), or folders of them, to run first; may be repeated")
      ->type_name("PATH")
      ->allow_extra_args(false);
  parser->add_option("--out", flags->check.out, "folder of all that it writes")
      ->type_name("DIR")
      ->capture_default_str();
  parser->add_option("--junit", flags->junit, "junit.xml of that folder under another name, too")
      ->type_name("FILE");
  parser->add_option("--sarif", flags->sarif, "slabhound.sarif likewise")->type_name("FILE");
  parser
      ->add_option("--fail-on", flags->fail_on,
                   "least severity of a new bug that fails the check, as in wrong-value")
      ->type_name("SEVERITY")
      ->capture_default_str();
  AddEngineFlags(*parser, flags->engines);
  AddKnownFlag(*parser, flags->engines);
  AddBudgetFlags(*parser, flags->budgets, testcase::kGeneratedBudgets);
  return {parser, [flags] { return Check(*flags); }};
}

}  // namespace slabhound::cli
