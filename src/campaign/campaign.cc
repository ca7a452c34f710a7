#include "campaign/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/cpu_time.h"
#include "campaign/configurations.h"
#include "campaign/crew.h"
#include "campaign/dealer.h"
#include "campaign/death.h"
#include "campaign/disk_watch.h"
#include "campaign/findings.h"
#include "campaign/interrupts.h"
#include "campaign/logbook.h"
#include "campaign/memory_watch.h"
#include "campaign/pace.h"
#include "campaign/recorder.h"
#include "campaign/retrials.h"
#include "campaign/series.h"
#include "campaign/status_json.h"
#include "campaign/tally_counters.h"
#include "gen/binaryen.h"
#include "testcase/testcase.h"
#include "worker/command.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

// Of a steady campaign: most are at their fix-point before.
constexpr uint64_t kSteadyCandidatesMax = 3'000;
constexpr double kSteadySecondsMax = 600;

constexpr double kDrainSeconds = 10;  // for what is under way at the end, beside minimizations

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<engine::EngineSpec> EnginesOf(const Options& options) {
  return options.engines.empty() ? engine::CampaignEngines(options.fault) : options.engines;
}

CrewLimits LimitsOf(const Options& options) {
  return {.case_cpu_seconds_max = options.case_cpu_seconds_max,
          .case_wall_seconds_max = options.case_wall_seconds_max,
          .minimize_seconds_max = options.steady ? kSteadySecondsMax : options.minimize_seconds_max,
          .job_cases_max = options.job_cases_max,
          .job_bytes_soft = options.job_bytes_soft,
          .job_bytes_max = options.job_bytes_max};
}

class Supervisor {
 public:
  Supervisor(const Options& options, Store store, Logbook logbook)
      : options_(options),
        logbook_(std::move(logbook)),
        news_(options.news != nullptr ? *options.news : silence_, logbook_),
        wait_(news_, [this] { return GivesUp(); }),
        findings_(std::move(store), news_, options.known, options.today, options.steady, &logbook_,
                  &wait_),
        retrials_(options.out, EnginesOf(options)),
        crew_(run_, options.jobs, LimitsOf(options)),
        dealer_(options.modules, options.shard, logbook_.past().done),
        started_(Clock::now()),
        tally_(FromCounters(logbook_.past().counters)),
        cases_before_(tally_.cases),
        pace_(tally_.cases),
        memory_(options.memory_bytes_max, options.jobs, news_),
        disk_(options.out, options.folder_limits, logbook_, news_) {
    run_.seed = options.seed;
    run_.engines = EnginesOf(options);
    run_.releases = options.releases;
    run_.at_stage = options.at_stage;
    run_.budgets = options.budgets;
    run_.lab.today = options.today;
    run_.lab.known = options.known;
    run_.lab.recurrence_time = options.recurrence_time;
    run_.lab.workers = std::make_shared<worker::Pool>(options.worker_limits);
    run_.lab.without_exceptions = options.without_exceptions;
    run_.candidates = run_.lab.ForCandidates();
    run_.fresh_workers = options.steady;
    for (const engine::EngineSpec& each : worker::InstalledEngines()) {
      if (!each.version.empty()) run_.installed.push_back(each);
    }
  }

  Result<Outcome, std::string> Run() {
    const Interrupts interrupts;
    TellPast();
    for (const std::string& line : retrials_.Plan(findings_.list(), Retrials::Scope::NewBuilds)) {
      news_.Say(line);
    }
    findings_.PlanEarlier(
        [this](uint64_t seed, uint64_t number) { return EngineTexts(seed, number); });
    auto hunted = Hunt();
    if (!hunted && tally_.cases == cases_before_) return Fail(std::move(hunted.error()));
    return Finish(hunted ? std::string() : std::move(hunted.error()));
  }

 private:
  Result<void, std::string> Hunt() {
    for (;;) {
      if (Interrupts::Any()) break;
      if (options_.seconds && SecondsSince(started_) >= *options_.seconds) dealing_ = false;
      if (!drained_since_ && !dealing_) drained_since_ = Clock::now();
      // Batches and minimizations under way are bounded; this is the bound of them all.
      if (drained_since_ &&
          SecondsSince(*drained_since_) > options_.minimize_seconds_max + kDrainSeconds)
        break;
      bool busy = false;
      for (Seat& seat : crew_.seats()) {
        TRY(GiveWork(seat));
        busy |= seat.job.has_value();
      }
      if (!busy) break;
      crew_.Wait();
      for (Seat& seat : crew_.seats()) {
        if (!seat.job) continue;
        TRY(Listen(seat));
        if (seat.job) crew_.Watch(seat);
      }
      if (logbook_.IsDue(SecondsSince(started_))) TRY(Write());
      TellSilence();
      TellOvertime();
      pace_.Add(SecondsSince(started_), tally_.cases);
      if (const auto large = memory_.Look(SecondsSince(started_), crew_.seats())) {
        Crew::Close(crew_.seats()[*large]);
      }
      TRY(Persist(&wait_, [this] { return disk_.Look(SecondsSince(started_)); }));
      news_.Tick();
      if (news_.IsDue(SecondsSince(started_))) news_.Show(StatusNow());
    }
    return {};
  }

  void TellPast() {
    if (cases_before_ == 0) return;
    const ledger::Past& past = logbook_.past();
    news_.Say(fmt::format("goes on with seed {}: {} modules are done, in {} earlier {}",
                          options_.seed, cases_before_, past.runs,
                          past.runs == 1 ? "run" : "runs"));
    if (options_.modules && past.done.size() >= *options_.modules) {
      news_.Say(
          fmt::format("all {} modules of seed {} are done: more --modules, another --seed, or "
                      "--fresh to start anew beside it",
                      *options_.modules, options_.seed));
    }
  }

  // A full disk is waited for until somebody wants it to end, or its time is up.
  bool GivesUp() const {
    return Interrupts::Any() || (options_.seconds && SecondsSince(started_) > *options_.seconds);
  }

  Result<void, std::string> Write(bool last = false) {
    TRY(findings_.Sync());
    const Status status = StatusNow();
    Standing standing;
    standing.seconds = status.seconds;
    standing.cpu_seconds = FamilyCpuSeconds() - cpu_seconds_before_;
    standing.symptoms = findings_.symptoms();
    standing.bugs = status.bugs.size();
    standing.now = StatusJson(status);
    standing.last = last;
    return Persist(&wait_, [&] { return logbook_.Write(tally_, standing); });
  }

  Status StatusNow() const {
    Status status{.seconds = SecondsSince(started_),
                  .cases_before = cases_before_,
                  .tally = tally_,
                  .bugs = findings_.Bugs()};
    for (const engine::EngineSpec& each : run_.engines) {
      status.engines.push_back(engine::EngineText(each));
    }
    status.modules_per_second = pace_.PerSecond();
    if (options_.seconds) {
      status.seconds_left = std::max(0.0, *options_.seconds - status.seconds);
    } else if (options_.modules && status.modules_per_second > 0) {
      const uint64_t left = *options_.modules - std::min(*options_.modules, tally_.cases);
      status.seconds_left = static_cast<double>(left) / status.modules_per_second;
    }
    status.jobs_started = crew_.jobs_started();
    status.workers_started = crew_.workers_started();
    for (const Seat& seat : crew_.seats()) status.jobs.push_back(StatusOf(seat, run_));
    status.to_minimize = findings_.to_minimize();
    if (findings_.last()) {
      status.last_find_at = findings_.last()->seconds;
      status.last_find = findings_.last()->symptom;
    }
    return status;
  }

  // As soon as it shows, and once.
  void TellSilence() {
    constexpr uint64_t kCasesMin = 10;
    for (const auto& [place, counts] : tally_.engines) {
      if (counts.asked < kCasesMin || !counts.is_silent() || !silent_.insert(place).second)
        continue;
      for (const std::string& line : SilentEngines(tally_, run_.engines)) news_.Warn(line);
    }
  }

  // What goes on when the time is up, if that takes more than a twentieth of it.
  void TellOvertime() {
    if (overtime_told_ || !options_.seconds) return;
    if (SecondsSince(started_) < *options_.seconds * 1.05) return;
    overtime_told_ = true;
    const auto minimizes = [](const Seat& seat) { return seat.minimizing.has_value(); };
    const auto runs = [](const Seat& seat) { return seat.rest.count > 0; };
    const auto minimizations = std::ranges::count_if(crew_.seats(), minimizes);
    const auto batches = std::ranges::count_if(crew_.seats(), runs);
    if (minimizations + batches == 0) return;
    news_.Say(
        fmt::format("the time is up; still under way: {} minimizations, {} batches of cases "
                    "(for {:.0f} s at most)",
                    minimizations, batches, kDrainSeconds + options_.minimize_seconds_max));
  }

  Result<void, std::string> GiveWork(Seat& seat) {
    if (seat.closing || !seat.idle()) return {};
    const auto place = static_cast<size_t>(&seat - crew_.seats().data());
    if (place >= memory_.jobs() || crew_.IsWorn(seat)) {
      Crew::Close(seat);
      return {};
    }
    Order order;
    // What is known comes before new cases.
    seat.trying = dealing_ ? retrials_.Next() : std::nullopt;
    if (seat.trying) return crew_.Send(seat, *seat.trying);
    const bool cases_first = options_.steady && AnyCasesLeft();
    auto turn = findings_.NextToMinimize(cases_first ? Findings::Turns::None : TurnsThatHaveTime());
    auto cases = !turn && dealing_ ? dealer_.Next() : std::nullopt;
    if (!turn && !cases && !cases_first) turn = findings_.NextToMinimize(Findings::Turns::All);
    if (turn) {
      const Finding& finding = turn->finding;
      const bool died = finding.verdict == "crash" || finding.verdict == "hang";
      order = MinimizeOrder{finding.signature,
                            finding.module,
                            finding.number,
                            died,
                            std::move(turn->causes),
                            finding.engines,
                            finding.recurrence.history,
                            finding.suspect,
                            options_.steady ? kSteadyCandidatesMax : 0};
      seat.minimizing = std::move(turn->finding);
    } else if (cases) {
      constexpr uint64_t kShareWithout = 3;
      const bool without = !options_.modules && ++batches_ % kShareWithout == 0;
      if (without && cases->without.empty()) cases->without = findings_.NextWithout(tally_.cases);
      order = *cases;
      seat.rest = *cases;
    } else {
      // The last finding may still come from another seat; a job is started again for it.
      Crew::Close(seat);
      return {};
    }
    return crew_.Send(seat, order);
  }

  Result<void, std::string> TakeTried(Seat& seat, const TriedReport& report) {
    if (!seat.trying || report.slug != seat.trying->slug || report.engine != seat.trying->engine) {
      Crew::Distrust(seat);
      return {};
    }
    deaths_in_a_row_ = 0;
    seat.trying.reset();
    TRY_ASSIGN(const Event event, Persist(&wait_, [&] { return retrials_.Take(report); }));
    if (!event.line.empty()) news_.Tell(event);
    return {};
  }

  bool AnyCasesLeft() {
    const auto runs = [](const Seat& seat) { return seat.rest.count > 0; };
    return (dealing_ && !dealer_.is_done()) || std::ranges::any_of(crew_.seats(), runs);
  }

  // First turns get half of the jobs' time, those that can wait a quarter.
  Findings::Turns TurnsThatHaveTime() const {
    const double share = minimizing_seconds_ / (SecondsSince(started_) * options_.jobs);
    return share < 0.25  ? Findings::Turns::All
           : share < 0.5 ? Findings::Turns::First
                         : Findings::Turns::None;
  }

  Result<void, std::string> Listen(Seat& seat) {
    std::vector<Report> reports;
    const Job::Received received = seat.job->Receive(reports);
    for (const Report& report : reports) {
      if (const auto* minimized = std::get_if<MinimizedReport>(&report)) {
        TRY(TakeMinimized(seat, *minimized));
      } else if (const auto* tried = std::get_if<TriedReport>(&report)) {
        TRY(TakeTried(seat, *tried));
      } else {
        TRY(TakeCase(seat, std::get<CaseReport>(report)));
      }
    }
    if (received == Job::Received::Broken) {
      Crew::Distrust(seat);
      return Bury(seat);
    }
    if (received == Job::Received::Ended) return Bury(seat);
    return {};
  }

  Result<void, std::string> TakeCase(Seat& seat, const CaseReport& report) {
    if (seat.rest.count == 0 || report.number != seat.rest.first) {
      Crew::Distrust(seat);
      return {};
    }
    ++seat.rest.first;
    --seat.rest.count;
    ++seat.cases;
    deaths_in_a_row_ = 0;
    std::optional<Finding> finding;
    if (report.is_finding()) {
      finding = FindingOf(report, seat.rest.without);
      // What cannot be kept is not done, and is run again.
      TRY(findings_.Keep(*finding, SecondsSince(started_)));
    }
    tally_.Count(report);
    CountConfigurations(run_, report.number, tally_.configurations);
    logbook_.Done(report.number);
    logbook_.Reached(report.reached);
    if (!finding) return {};
    TRY(Persist(&wait_, [&] { return retrials_.Found(SlugOf(*finding), finding->suspect); }));
    findings_.PlanMinimization(*finding);
    return {};
  }

  Finding FindingOf(const CaseReport& report, const std::vector<std::string>& without) const {
    Finding finding = MakeFinding(report.number, report.signature);
    finding.without = without;
    finding.verdict = diff::VerdictName(report.verdict);
    finding.explanation = report.explanation;
    finding.suspect = report.suspect;
    finding.module = report.module;
    finding.original_bytes = testcase::ModuleBytes(report.module);
    finding.recurrence = report.recurrence;
    return finding;
  }

  std::vector<std::string> EngineTexts(uint64_t seed, uint64_t number) const {
    std::vector<std::string> texts;
    for (const engine::EngineSpec& engine : run_.EnginesOf(seed, number)) {
      texts.push_back(engine::EngineText(engine));
    }
    return texts;
  }

  Finding MakeFinding(uint64_t number, const diff::Signature& signature) const {
    Finding finding;
    finding.signature = signature;
    finding.engines = EngineTexts(options_.seed, number);
    finding.seed = options_.seed;
    finding.number = number;
    finding.steady = options_.steady;
    finding.binaryen_version = gen::BinaryenVersion();
    return finding;
  }

  Result<void, std::string> TakeMinimized(Seat& seat, const MinimizedReport& report) {
    if (!seat.minimizing || report.signature != seat.minimizing->signature) {
      Crew::Distrust(seat);
      return {};
    }
    deaths_in_a_row_ = 0;
    if (report.so_far) return findings_.KeepSoFar(*seat.minimizing, report.module);
    minimizing_seconds_ += SecondsSince(seat.ordered_at);
    return findings_.TakeMinimized(*std::exchange(seat.minimizing, std::nullopt), report);
  }

  // A job has ended: its case in flight is classified and kept, the rest of its batch is dealt
  // again.
  Result<void, std::string> Bury(Seat& seat) {
    const auto [job, end] = crew_.Reap(seat);
    if (seat.idle()) return {};
    if (++deaths_in_a_row_ > 20) return Fail(std::string("jobs die before they do anything"));
    const Flight& flight = job.flight();
    if (seat.trying) {
      news_.Say(fmt::format("{} is not tried: the job ended", seat.trying->slug));
      seat.trying.reset();
      return {};
    }
    if (seat.minimizing) {
      minimizing_seconds_ += SecondsSince(seat.ordered_at);
      findings_.Lose(
          *seat.minimizing,
          fmt::format("the job ended ({})", seat.sentence.empty() ? "crash" : seat.sentence));
      seat.minimizing.reset();
      return {};
    }
    // An end from outside says nothing of the case, if it comes once.
    const bool again = seat.sentence.empty() && end.signal == SIGKILL &&
                       killed_once_.insert(seat.rest.first).second;
    const bool in_flight = !again && flight.stage() != Stage::Idle &&
                           flight.stage() != Stage::Minimize && flight.number() == seat.rest.first;
    if (in_flight) {
      ++seat.rest.first;
      --seat.rest.count;
      deaths_in_a_row_ = 0;
    }
    const auto without = seat.rest.without;
    dealer_.Return(std::exchange(seat.rest, {}));
    return in_flight ? TakeDeath(job, end, seat.sentence, without) : Result<void, std::string>{};
  }

  Result<void, std::string> TakeDeath(const Job& job, const ExitStatus& end,
                                      const std::string& sentence,
                                      const std::vector<std::string>& without) {
    const Flight& flight = job.flight();
    const std::vector<engine::EngineSpec> engines = run_.EnginesOf(flight.number());
    const engine::EngineSpec* engine = EngineAt(flight, engines);
    const std::string errors = job.Errors();
    const Death death = Classify(flight.stage(), engine, end, sentence, errors);
    Finding finding = MakeFinding(flight.number(), death.signature);
    finding.errors = errors;
    finding.without = without;
    TellDeath(flight, death, engine, options_.budgets, finding);
    TRY(findings_.Keep(finding, SecondsSince(started_)));
    tally_.CountDeath(death.kind, diff::SignatureText(death.signature));
    logbook_.Done(finding.number);
    if (CanBeMinimized(death, engine, finding)) findings_.PlanMinimization(finding);
    return {};
  }

  Result<Outcome, std::string> Finish(std::string failure) {
    Outcome outcome;
    outcome.failure = std::move(failure);
    outcome.interrupted = Interrupts::Any();
    outcome.seconds = SecondsSince(started_);
    crew_.Dismiss();  // only then the CPU time of jobs and their workers is known
    outcome.cpu_seconds = FamilyCpuSeconds() - cpu_seconds_before_;
    if (const auto written = WriteEnd(outcome); !written && outcome.failure.empty()) {
      outcome.failure = written.error();
    }
    outcome.cases_before = cases_before_;
    outcome.seconds_before = logbook_.past().seconds;
    outcome.cpu_seconds_before = logbook_.past().cpu_seconds;
    outcome.silent = SilentEngines(tally_, run_.engines);
    for (const auto& [row, count] : findings_.KnownByCause()) tally_.TakeKnown(row, count);
    outcome.tally = std::move(tally_);
    outcome.bugs = findings_.Bugs();
    outcome.found_before = findings_.found_before();
    Status last = StatusNow();
    last.tally = outcome.tally;
    last.seconds = outcome.seconds;
    news_.End(last);
    return outcome;
  }

  Result<void, std::string> WriteEnd(const Outcome& outcome) {
    TRY(Write(/*last=*/true));
    TRY(findings_.WriteCounts());
    const std::string how = !outcome.failure.empty() ? "failed: " + outcome.failure
                            : outcome.interrupted    ? "interrupted"
                                                     : "done";
    return Persist(&wait_, [&] { return logbook_.End(how); });
  }

  const Options& options_;
  CaseRun run_;
  News silence_;
  Logbook logbook_;
  Recorder news_;
  DiskWait wait_;
  Findings findings_;
  Retrials retrials_;
  Crew crew_;
  Dealer dealer_;
  Clock::time_point started_;
  double cpu_seconds_before_ = FamilyCpuSeconds();
  std::optional<Clock::time_point> drained_since_;
  double minimizing_seconds_ = 0;
  Tally tally_;  // of the series
  uint64_t cases_before_;
  std::set<uint64_t> killed_once_;  // numbers
  Pace pace_;
  MemoryWatch memory_;
  DiskWatch disk_;
  std::set<uint64_t> silent_;  // told
  bool overtime_told_ = false;
  bool dealing_ = true;
  uint64_t batches_ = 0;
  int deaths_in_a_row_ = 0;
};

}  // namespace

Result<Outcome, std::string> RunCampaign(const Options& options) {
  auto logbook = Logbook::Begin(options.out, SeriesOf(options), ShardText(options.shard));
  if (!logbook) return Fail(std::move(logbook.error().message));
  auto store = Store::Open(options.out);
  if (!store) return Fail(std::move(store.error().message));
  return Supervisor(options, *std::move(store), *std::move(logbook)).Run();
}

}  // namespace slabhound::campaign
