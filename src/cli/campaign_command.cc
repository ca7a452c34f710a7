#include "cli/campaign_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "campaign/campaign.h"
#include "campaign/gc_price.h"
#include "cli/all_releases.h"
#include "cli/budget_flags.h"
#include "cli/canaries.h"
#include "cli/desk_flags.h"
#include "cli/engine_flags.h"
#include "cli/number_flags.h"
#include "cli/page_child.h"
#include "cli/upkeep_flags.h"
#include "page/server.h"
#include "screen/advice.h"
#include "screen/desk.h"
#include "upkeep/amount.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

struct Flags {
  uint64_t seed = 1, modules = 0;
  std::string time, out = "findings", shard = "0/1";
  EngineFlags engines;
  BudgetFlags budgets;
  std::vector<std::string> releases;
  unsigned jobs = 0;
  bool fresh = false, steady = false;
  bool has_page = false;
  uint16_t page_port = page::kPort;
  screen::DeskOptions desk;
  UpkeepFlags upkeep;
};

// The folder itself if nothing is in it, else the next beside it: DIR-2, DIR-3 …
std::string FreshFolder(std::string folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  std::string fresh = folder;
  std::error_code ignored;
  for (int i = 2;
       std::filesystem::exists(fresh, ignored) && !std::filesystem::is_empty(fresh, ignored); ++i) {
    fresh = fmt::format("{}-{}", folder, i);
  }
  return fresh;
}

// The releases that --releases asks for, each of an engine that runs.
Result<std::vector<engine::EngineSpec>, std::string> SelectReleases(
    const std::vector<std::string>& texts, const std::vector<engine::EngineSpec>& engines) {
  std::vector<engine::EngineSpec> releases;
  for (const std::string& text : texts) {
    const auto fail = [&text](const std::string& why) {
      return Fail(fmt::format("--releases {}: {}", text, why));
    };
    const auto asked = engine::ParseEngine(text);
    if (!asked) return fail(asked.error());
    if (asked->version.empty() || *asked != engine::Bare(*asked)) {
      return fail("not ENGINE@VERSION or ENGINE@all; options are those of --engine");
    }
    const auto is_same = [&](const engine::EngineSpec& each) { return each.kind == asked->kind; };
    if (std::ranges::none_of(engines, is_same)) {
      return fail(fmt::format("needs an --engine {}@VERSION, whose findings run on it",
                              engine::EngineName(*asked)));
    }
    const auto expanded = ExpandReleases(*asked);
    if (!expanded) return fail(expanded.error());
    for (const engine::EngineSpec& release : *expanded) {
      TRY(worker::WorkerCommand(release));
      releases.push_back(release);
    }
  }
  return releases;
}

// Of one case, what an engine's hang takes, and looking whether it happens again.
constexpr double kRunsOfCase = 6;

struct Prepared {
  campaign::Options options;
  worker::Lab lab;
  std::vector<campaign::GcPrice> prices;
  std::unique_ptr<screen::Desk> desk;
};

// The error is one line.
Result<Prepared, std::string> Prepare(const Flags& flags) {
  Prepared prepared{{}, TodaysLab(flags.engines), {}, {}};
  campaign::Options& options = prepared.options;
  options.seed = flags.seed;
  if (flags.modules > 0) options.modules = flags.modules;
  if (!flags.time.empty()) {
    const auto seconds = upkeep::ParseSeconds(flags.time);
    if (!seconds) {
      return Fail(fmt::format("--time {}: a whole number of s, m, h or d, as in 120s", flags.time));
    }
    options.seconds = static_cast<double>(*seconds);
  }
  if (flags.steady && (flags.modules == 0 || !flags.time.empty())) {
    return Fail(
        std::string("--steady: needs --modules, and no --time: it minimizes behind all of them"));
  }
  options.steady = flags.steady;
  const auto shard = campaign::ParseShard(flags.shard);
  if (!shard) {
    return Fail(fmt::format(
        "--shard {}: I/N with I from 0 to N - 1, as in 0/8 for the first of eight", flags.shard));
  }
  options.shard = *shard;
  options.jobs = JobsOf(flags.jobs);
  options.out = flags.fresh ? FreshFolder(flags.out) : flags.out;
  TRY_ASSIGN(options.fault, ParseFault(flags.engines.fault));
  TRY_ASSIGN(options.engines,
             SelectComparedEngines(flags.engines, engine::CampaignEngines(options.fault),
                                   MayBeDrawn::Yes));
  TRY(ReadKnownFlag(flags.engines, prepared.lab));
  TRY(SendCanaries(options.engines, prepared.lab));
  options.memory_bytes_max = flags.upkeep.memory_bytes_max;
  options.folder_limits = flags.upkeep.folder;
  options.today = prepared.lab.today;
  options.known = prepared.lab.known;
  options.without_exceptions = prepared.lab.without_exceptions;
  options.worker_limits = WorkerLimitsOf(flags.engines);
  options.case_wall_seconds_max =
      std::max(options.case_wall_seconds_max, kRunsOfCase * flags.engines.time);
  options.budgets = BudgetsOf(flags.budgets, testcase::kGeneratedBudgets);
  TRY_ASSIGN(options.releases, SelectReleases(flags.releases, options.engines));
  for (const engine::EngineSpec& each : options.engines) {
    options.asked_engines.push_back(engine::EngineText(each));
  }
  prepared.prices = campaign::SetGcPrices(options.engines, prepared.lab);
  screen::DeskOptions desk = flags.desk;
  desk.title = {.out = options.out, .seed = options.seed};
  TRY_ASSIGN(prepared.desk, screen::MakeDesk(desk));
  options.news = prepared.desk.get();
  return prepared;
}

void PrintOutcome(const campaign::Outcome& outcome, const Prepared& prepared) {
  const campaign::Options& options = prepared.options;
  Print(screen::AdviceText(outcome, options.out));
  if (outcome.cases_before > 0) {
    Print(fmt::format("{} modules in this run, {} in earlier ones; of all of them:\n",
                      outcome.tally.cases - outcome.cases_before, outcome.cases_before));
  }
  Print(campaign::SummaryText(outcome.tally, outcome.bugs, outcome.seconds + outcome.seconds_before,
                              outcome.cpu_seconds + outcome.cpu_seconds_before, options.jobs));
  for (const campaign::GcPrice& price : prepared.prices) {
    Print(fmt::format("collections       {}\n", campaign::PriceText(price)));
  }
  Print(campaign::KnownText(outcome.tally, options.engines, options.today,
                            prepared.lab.known_rows()));
  if (outcome.found_before > 0) {
    Print(fmt::format("{} symptoms of other campaigns are kept in {}\n", outcome.found_before,
                      options.out));
  }
  if (outcome.interrupted) Print("interrupted\n");
  for (const std::string& line : outcome.silent) {
    Print(fmt::format("too few cases ran: {}\n", line));
  }
}

int RunCampaign(const Flags& flags) {
  const auto prepared = Prepare(flags);
  if (!prepared) return UsageError(prepared.error());
  std::optional<Subprocess> page;
  if (flags.has_page) {
    auto started = StartPage(prepared->options.out, flags.page_port);
    if (!started) return UsageError(started.error());
    page = *std::move(started);
  }
  const auto outcome = campaign::RunCampaign(prepared->options);
  if (!outcome) return UsageError(outcome.error());
  PrintOutcome(*outcome, *prepared);
  if (!outcome->failure.empty()) {
    return UsageError(fmt::format("the campaign ended early: {}", outcome->failure));
  }
  if (!outcome->silent.empty()) return kExitUsage;
  const bool came_back = !outcome->bugs.empty() && outcome->bugs.front().came_back;
  return outcome->tally.findings > 0 || came_back ? kExitFinding : kExitFine;
}

}  // namespace

Command AddCampaignCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "campaign", "generate modules, run them on all engines, keep and minimize what differs");
  const auto flags = std::make_shared<Flags>();
  parser->add_option("--seed", flags->seed, "what all cases follow from")
      ->check(WholeNumber(0))
      ->capture_default_str();
  parser
      ->add_option("--time", flags->time,
                   "how long, as in 120s, 5m, 8h, 3d (default: until Ctrl-C)")
      ->type_name("TIME");
  parser->add_option("--modules", flags->modules, "how many modules (default: any number)")
      ->check(WholeNumber(1));
  parser->add_flag(
      "--steady", flags->steady,
      "minimize behind all modules, of each symptom the smallest case, whatever time "
      "it takes: the same bugs each time, and of --shards merged those of one campaign");
  parser
      ->add_option("--shard", flags->shard,
                   "of the modules, only this machine's share: I of N, in blocks of 64 numbers")
      ->type_name("I/N")
      ->capture_default_str();
  AddJobsFlag(*parser, flags->jobs, "processes that generate and run (default: one a core)");
  parser
      ->add_option("--out", flags->out,
                   "folder of findings; a campaign of the same seed and engines goes on there")
      ->capture_default_str();
  parser->add_flag("--fresh", flags->fresh, "start anew, in a new folder beside that one");
  const CLI::Option* serve =
      parser->add_flag(fmt::format("--serve{{{}}}", page::kPort), flags->page_port,
                       "show it as a page meanwhile (slabhound serve); --serve=PORT: there");
  AddDeskFlags(*parser, flags->desk);
  AddUpkeepFlags(*parser, flags->upkeep);
  AddEngineFlags(*parser, flags->engines);
  AddKnownFlag(*parser, flags->engines);
  AddBudgetFlags(*parser, flags->budgets, testcase::kGeneratedBudgets);
  parser
      ->add_option("--releases", flags->releases,
                   "releases on which findings of their engine run too, as in wasmtime@all; which "
                   "fail tells buckets apart; may be repeated")
      ->type_name("ENGINE")
      ->allow_extra_args(false);
  return {parser, [flags, serve] {
            flags->has_page = serve->count() > 0;
            return RunCampaign(*flags);
          }};
}

}  // namespace slabhound::cli
