#include "cli/bench_faults_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "bench/causes.h"
#include "bench/page.h"
#include "bench/table.h"
#include "bench/trials.h"
#include "cli/engine_flags.h"
#include "cli/number_flags.h"

namespace slabhound::cli {
namespace {

constexpr uint64_t kSeedsMax = 10'000;

struct Flags {
  std::vector<std::string> faults = {"all"}, generators, engines;
  std::string seeds = "10", out = "bench-faults";
  bench::Bounds bounds;
  bench::CausePlan causes;
  unsigned jobs = 0;
};

template <typename T>
void AddOnce(std::vector<T>& list, const T& item) {
  if (std::ranges::find(list, item) == list.end()) list.push_back(item);
}

Result<std::vector<heap::Fault>, std::string> FaultsOf(const std::vector<std::string>& names) {
  std::vector<heap::Fault> faults;
  for (const std::string& name : names) {
    if (name == "all") {
      for (const heap::FaultInfo& info : heap::FaultCatalogue()) AddOnce(faults, info.fault);
      AddOnce(faults, heap::Fault::None);
      continue;
    }
    const auto fault = heap::FindFault(name);
    if (!fault) {
      return Fail(fmt::format("--faults {}: no such fault; there are: all none{}", name,
                              heap::FaultNames()));
    }
    AddOnce(faults, *fault);
  }
  const bool needs_faults =
      std::ranges::any_of(faults, [](heap::Fault each) { return each != heap::Fault::None; });
  if (needs_faults && !heap::FaultsCompiledIn()) {
    return Fail(
        std::string("bench faults: this build has no faults compiled in; use the faulty "
                    "one (scripts/build.sh faulty slabhound, then "
                    "build/faulty/slabhound), or --faults none"));
  }
  return faults;
}

std::optional<uint64_t> SeedOf(std::string_view text) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seed;
}

// "10" for 1 to 10, or a list as in "3,5,8-12,".
Result<std::vector<uint64_t>, std::string> SeedsOf(const std::string& text) {
  std::vector<uint64_t> seeds;
  const auto add = [&seeds](std::optional<uint64_t> first, std::optional<uint64_t> last) {
    if (!first || !last || *first > *last || *last - *first >= kSeedsMax) return false;
    for (uint64_t seed = *first; seed <= *last; ++seed) AddOnce(seeds, seed);
    return seeds.size() <= kSeedsMax;
  };
  bool is_good = true;
  if (text.find_first_of(",-") == std::string::npos) {
    is_good = add(1, SeedOf(text));
  } else {
    std::string_view rest = text;
    while (is_good && !rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
      const size_t dash = part.find('-');
      is_good = dash == std::string_view::npos
                    ? add(SeedOf(part), SeedOf(part))
                    : add(SeedOf(part.substr(0, dash)), SeedOf(part.substr(dash + 1)));
    }
  }
  if (!is_good || seeds.empty()) {
    return Fail(
        fmt::format("--seeds {}: how many (10: from 1 to 10), or which, as in 3,5,8-12; "
                    "at most {}",
                    text, kSeedsMax));
  }
  return seeds;
}

Result<std::vector<gen::Generator>, std::string> GeneratorsOf(
    const std::vector<std::string>& names) {
  std::vector<gen::Generator> generators;
  for (const std::string& name : names) {
    const auto generator = gen::FindGenerator(name);
    if (!generator) {
      std::vector<std::string_view> all;
      for (const gen::Generator each : gen::kGenerators) all.push_back(gen::GeneratorName(each));
      return Fail(fmt::format("--generators {}: no such generator; there are: {}", name,
                              fmt::join(all, " ")));
    }
    AddOnce(generators, *generator);
  }
  if (generators.empty()) generators.assign(gen::kGenerators.begin(), gen::kGenerators.end());
  return generators;
}

Result<std::vector<engine::EngineSpec>, std::string> EnginesOf(
    const std::vector<std::string>& texts) {
  EngineFlags flags;
  flags.engines = texts;
  TRY_ASSIGN(std::vector<engine::EngineSpec> engines,
             SelectComparedEngines(flags, engine::CampaignEngines(), MayBeDrawn::Yes));
  for (const engine::EngineSpec& each : engines) {
    const std::string text = engine::EngineText(each);
    if (!engine::InProcess(each)) {
      return Fail(fmt::format("--engine {}: faults are of the slab engine", text));
    }
    if (each.slab.fault != heap::Fault::None) {
      return Fail(fmt::format("--engine {}: its fault is what --faults says", text));
    }
  }
  if (engines.size() < 2)
    return Fail(std::string("--engine oracle: faults are of the slab engine"));
  return engines;
}

int RunBenchFaults(const Flags& flags) {
  bench::TrialPlan plan;
  const auto take = [](auto result, auto& to) -> std::string {
    if (!result) return result.error();
    to = *std::move(result);
    return "";
  };
  for (const std::string& error :
       {take(FaultsOf(flags.faults), plan.faults), take(SeedsOf(flags.seeds), plan.seeds),
        take(GeneratorsOf(flags.generators), plan.generators),
        take(EnginesOf(flags.engines), plan.engines)}) {
    if (!error.empty()) return UsageError(error);
  }
  plan.bounds = flags.bounds;
  plan.jobs = JobsOf(flags.jobs);
  plan.folder = flags.out;
  plan.log = stderr;
  const auto trials = bench::RunTrials(plan);
  if (!trials) return UsageError(trials.error());
  bool interrupted = trials->interrupted;
  if (!interrupted) {
    const auto ended = bench::MakeCauses(plan, flags.causes, trials->rows);
    if (!ended) return UsageError(ended.error());
    interrupted = *ended;
  }
  bench::Summary summary = bench::Summarize(trials->rows, bench::ConfigurationText(plan.engines));
  auto causes = bench::AgreementOfCauses(plan.folder, trials->rows);
  if (!causes) return UsageError(causes.error());
  summary.causes = *causes;
  for (const auto& [name, text] : {std::pair("report.html", bench::PageText(summary)),
                                   std::pair("table.md", bench::MarkdownText(summary))}) {
    const auto written = WriteFile(flags.out + "/" + name, AsBytes(text));
    if (!written) return UsageError(written.error().message);
  }
  for (const std::string& sentence : bench::SentencesOf(summary)) Print(sentence + "\n");
  Print(fmt::format("{0}/report.html, {0}/table.md, {0}/trials.csv\n", flags.out));
  if (interrupted) Print("interrupted; the same command goes on\n");
  const bool alarm = std::ranges::any_of(summary.clean, &bench::Group::detected);
  return alarm ? kExitFinding : kExitFine;
}

}  // namespace

Command AddBenchFaultsCommand(CLI::App& app) {
  CLI::App* parser = app.add_subcommand(
      "faults",
      "how soon generated cases show each fault of the catalogue: trials of a fault, a seed and a "
      "generator, each until its first finding. What is in --out is not run again");
  const auto flags = std::make_shared<Flags>();
  parser
      ->add_option("--faults", flags->faults,
                   "which, or all, with none for the engine without faults (default: all)")
      ->delimiter(',')
      ->type_name("NAME,...");
  parser->add_option("--seeds", flags->seeds, "how many, from 1 on, or which, as in 3,5,8-12")
      ->type_name("N")
      ->capture_default_str();
  parser
      ->add_option("--generators", flags->generators,
                   "slabhound: as in campaigns; baseline: Binaryen alone (default: both)")
      ->delimiter(',')
      ->type_name("NAME,...");
  parser
      ->add_option("--engine", flags->engines,
                   "a configuration of the slab engine, as in slab:copying:every-allocation; may "
                   "be repeated (default: those of campaigns)")
      ->type_name("ENGINE")
      ->allow_extra_args(false);
  constexpr double kTimeMin = 0.01, kTimeMax = 86'400;
  parser->add_option("--time", flags->bounds.cpu_seconds, "CPU seconds of a trial, at most")
      ->type_name("SECONDS")
      ->check(Seconds(kTimeMin, kTimeMax))
      ->capture_default_str();
  parser
      ->add_option("--modules", flags->bounds.modules, "modules of a trial, at most (default: any)")
      ->check(WholeNumber(1));
  parser
      ->add_option(
          "--minimize", flags->causes.trials_max,
          "first findings of a fault and a generator that are minimized, for the V-measure "
          "of bugs; 0: none")
      ->check(WholeNumber(0))
      ->capture_default_str();
  AddJobsFlag(*parser, flags->jobs, "trials at a time (default: one a core)");
  parser->add_option("--out", flags->out, "folder of trials.csv and the report")
      ->capture_default_str();
  return {parser, [flags] { return RunBenchFaults(*flags); }};
}

}  // namespace slabhound::cli
