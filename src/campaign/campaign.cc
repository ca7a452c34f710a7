#include "campaign/campaign.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>
#include <utility>
#include <vector>

#include "campaign/dealer.h"
#include "campaign/death.h"
#include "campaign/findings.h"
#include "campaign/interrupts.h"
#include "campaign/job.h"
#include "campaign/logbook.h"
#include "campaign/news.h"
#include "campaign/retrials.h"
#include "campaign/series.h"
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

// Of this process and of all that have ended below it.
double CpuSeconds() {
  double seconds = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return seconds;
}

// "random-N", "every-safepoint".
std::string KindText(gc::Schedule::Kind kind) {
  std::string text = gc::ScheduleText({.kind = kind, .n = 2});
  if (text.ends_with('2')) text.back() = 'N';
  return text;
}

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Supervisor {
 public:
  Supervisor(const Options& options, Store store, Logbook logbook)
      : options_(options),
        news_(options.log, options.rewrite_status),
        wait_(news_, [this] { return GivesUp(); }),
        logbook_(std::move(logbook)),
        findings_(std::move(store), news_, options.known, options.today, &logbook_, &wait_,
                  options.steady),
        retrials_(options.out, options.engines.empty() ? engine::CampaignEngines(options.fault)
                                                       : options.engines),
        dealer_(options.modules, options.shard, logbook_.past().done),
        started_(Clock::now()),
        tally_(FromCounters(logbook_.past().counters)),
        cases_before_(tally_.cases) {
    run_.seed = options.seed;
    run_.engines =
        options.engines.empty() ? engine::CampaignEngines(options.fault) : options.engines;
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
    seats_.resize(options.jobs);
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
      for (Seat& seat : seats_) {
        TRY(GiveWork(seat));
        busy |= seat.job.has_value();
      }
      if (!busy) break;
      Wait();
      for (Seat& seat : seats_) {
        if (!seat.job) continue;
        TRY(Listen(seat));
        if (seat.job) Watch(seat);
      }
      if (logbook_.IsDue(SecondsSince(started_))) TRY(Write());
      TellSilence();
      TellOvertime();
      if (news_.IsStatusDue(SecondsSince(started_))) {
        news_.ShowStatus(tally_, findings_.Bugs(), SecondsSince(started_));
      }
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
    Standing standing;
    standing.seconds = SecondsSince(started_);
    standing.cpu_seconds = CpuSeconds() - cpu_seconds_before_;
    standing.symptoms = findings_.symptoms();
    standing.bugs = findings_.Bugs().size();
    standing.last = last;
    const auto written = wait_.Persist([&] { return logbook_.Write(tally_, standing); });
    if (!written) return Fail(written.error().message);
    return {};
  }

  // As soon as it shows, and once.
  void TellSilence() {
    constexpr uint64_t kCasesMin = 10;
    for (const auto& [place, counts] : tally_.engines) {
      if (counts.asked < kCasesMin || !counts.is_silent() || !silent_.insert(place).second)
        continue;
      for (const std::string& line : SilentEngines(tally_, run_.engines)) news_.Say(line);
    }
  }

  // What goes on when the time is up, if that takes more than a twentieth of it.
  void TellOvertime() {
    if (overtime_told_ || !options_.seconds) return;
    if (SecondsSince(started_) < *options_.seconds * 1.05) return;
    overtime_told_ = true;
    const auto minimizes = [](const Seat& seat) { return seat.minimizing.has_value(); };
    const auto runs = [](const Seat& seat) { return seat.rest.count > 0; };
    const auto minimizations = std::ranges::count_if(seats_, minimizes);
    const auto batches = std::ranges::count_if(seats_, runs);
    if (minimizations + batches == 0) return;
    news_.Say(
        fmt::format("the time is up; still under way: {} minimizations, {} batches of cases "
                    "(for {:.0f} s at most)",
                    minimizations, batches, kDrainSeconds + options_.minimize_seconds_max));
  }

  // A place for a job, and what it was ordered.
  struct Seat {
    std::optional<Job> job;
    CasesOrder rest;                    // cases not reported yet
    std::optional<Finding> minimizing;  // the unminimized one
    std::optional<TryOrder> trying;     // of an earlier finding
    bool closing = false;
    uint64_t cases = 0;
    std::string sentence;  // why the supervisor killed it
    // The last sign of life.
    uint64_t beats = 0, beat_cpu_ns = 0;
    Clock::time_point ordered_at, beat_at, watched_at;

    bool idle() const { return rest.count == 0 && !minimizing && !trying; }
  };

  Result<void, std::string> GiveWork(Seat& seat) {
    if (seat.closing || !seat.idle()) return {};
    if (seat.job && (seat.cases >= options_.job_cases_max ||
                     seat.job->resident_bytes() >= options_.job_bytes_soft)) {
      return Close(seat), Result<void, std::string>{};
    }
    Order order;
    // What is known comes before new cases.
    seat.trying = dealing_ ? retrials_.Next() : std::nullopt;
    if (seat.trying) return Send(seat, *seat.trying);
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
      Close(seat);
      return {};
    }
    return Send(seat, order);
  }

  Result<void, std::string> Send(Seat& seat, const Order& order) {
    if (!seat.job) TRY(StartJob(seat));
    seat.beat_at = seat.ordered_at = Clock::now();
    seat.beat_cpu_ns = seat.job->cpu_ns();
    seat.job->Send(order);  // a failure is an end that Listen hears of
    return {};
  }

  Result<void, std::string> TakeTried(Seat& seat, const TriedReport& report) {
    if (!seat.trying || report.slug != seat.trying->slug || report.engine != seat.trying->engine) {
      seat.sentence = "garbage";
      seat.job->Kill();
      return {};
    }
    deaths_in_a_row_ = 0;
    seat.trying.reset();
    const auto line = wait_.Persist([&] { return retrials_.Take(report); });
    if (!line) return Fail(line.error().message);
    if (line->empty()) return {};
    news_.Say(*line);
    logbook_.Tell("build", report.slug, *line);
    return {};
  }

  bool AnyCasesLeft() const {
    const auto runs = [](const Seat& seat) { return seat.rest.count > 0; };
    return (dealing_ && !dealer_.is_done()) || std::ranges::any_of(seats_, runs);
  }

  // First turns get half of the jobs' time, those that can wait a quarter.
  Findings::Turns TurnsThatHaveTime() const {
    const double share = minimizing_seconds_ / (SecondsSince(started_) * options_.jobs);
    return share < 0.25  ? Findings::Turns::All
           : share < 0.5 ? Findings::Turns::First
                         : Findings::Turns::None;
  }

  void Close(Seat& seat) {
    if (!seat.job) return;
    seat.job->CloseOrders();
    seat.closing = true;
  }

  Result<void, std::string> StartJob(Seat& seat) {
    std::vector<int> foreign;
    for (const Seat& other : seats_) {
      if (!other.job) continue;
      for (const int fd : other.job->descriptors()) {
        if (fd >= 0) foreign.push_back(fd);
      }
    }
    auto job = Job::Start(run_, options_.steady ? kSteadySecondsMax : options_.minimize_seconds_max,
                          foreign);
    if (!job) return Fail(std::move(job.error()));
    seat.job = *std::move(job);
    seat.cases = 0;
    seat.sentence.clear();
    seat.beats = 0;
    return {};
  }

  void Wait() {
    std::vector<pollfd> fds;
    for (const Seat& seat : seats_) {
      if (seat.job) fds.push_back({seat.job->reports_fd(), POLLIN, 0});
    }
    poll(fds.data(), fds.size(), 100);
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
      if (seat.sentence.empty()) seat.sentence = "garbage";
      seat.job->Kill();
      return Bury(seat);
    }
    if (received == Job::Received::Ended) return Bury(seat);
    return {};
  }

  Result<void, std::string> TakeCase(Seat& seat, const CaseReport& report) {
    if (seat.rest.count == 0 || report.number != seat.rest.first) {
      seat.sentence = "garbage";
      seat.job->Kill();
      return {};
    }
    ++seat.rest.first;
    --seat.rest.count;
    ++seat.cases;
    deaths_in_a_row_ = 0;
    tally_.Count(report);
    CountConfigurations(report.number);
    logbook_.Done(report.number);
    reach_.Count(report.reached);
    if (!report.is_finding()) return {};
    Finding finding = MakeFinding(report.number, report.signature);
    finding.without = seat.rest.without;
    finding.verdict = diff::VerdictName(report.verdict);
    finding.explanation = report.explanation;
    finding.suspect = report.suspect;
    finding.module = report.module;
    finding.original_bytes = testcase::ModuleBytes(report.module);
    finding.recurrence = report.recurrence;
    TRY(findings_.Keep(finding, SecondsSince(started_)));
    wait_.Persist([&] { return retrials_.Found(SlugOf(finding), finding.suspect); });
    findings_.PlanMinimization(finding);
    return {};
  }

  void CountConfigurations(uint64_t number) {
    if (std::ranges::none_of(run_.engines, engine::IsDrawn)) return;
    const std::vector<engine::EngineSpec> engines = run_.EnginesOf(number);
    for (size_t i = 0; i < engines.size(); ++i) {
      if (!engine::IsDrawn(run_.engines[i])) continue;
      const engine::SlabSpec& slab = engines[i].slab;
      ++tally_.configurations[fmt::format("{} {}", gc::CollectorName(slab.collector),
                                          KindText(slab.schedule.kind))];
    }
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
    finding.binaryen_version = gen::BinaryenVersion();
    return finding;
  }

  Result<void, std::string> TakeMinimized(Seat& seat, const MinimizedReport& report) {
    if (!seat.minimizing || report.signature != seat.minimizing->signature) {
      seat.sentence = "garbage";
      seat.job->Kill();
      return {};
    }
    deaths_in_a_row_ = 0;
    if (report.so_far) return findings_.KeepSoFar(*seat.minimizing, report.module);
    minimizing_seconds_ += SecondsSince(seat.ordered_at);
    return findings_.TakeMinimized(*std::exchange(seat.minimizing, std::nullopt), report);
  }

  // Kills a job that hangs or has grown too large.
  void Watch(Seat& seat) {
    if (seat.idle() || !seat.sentence.empty()) return;
    const uint64_t beats = seat.job->flight().beats();
    const auto now = Clock::now();
    if (wait_.TakeWaited()) {
      for (Seat& each : seats_) each.beat_at = now;
    }
    if (beats != seat.beats) {
      seat.beats = beats;
      seat.beat_at = now;
      seat.beat_cpu_ns = seat.job->cpu_ns();
    }
    if (std::chrono::duration<double>(now - seat.watched_at).count() < 0.5) return;
    seat.watched_at = now;
    const double cpu = static_cast<double>(seat.job->cpu_ns() - seat.beat_cpu_ns) / 1e9;
    if (cpu > options_.case_cpu_seconds_max ||
        SecondsSince(seat.beat_at) > options_.case_wall_seconds_max) {
      seat.sentence = "hang";
    } else if (seat.job->resident_bytes() > options_.job_bytes_max) {
      seat.sentence = "memory";
    }
    if (!seat.sentence.empty()) seat.job->Kill();
  }

  // A job has ended: its case in flight is classified and kept, the rest of its batch is dealt
  // again.
  Result<void, std::string> Bury(Seat& seat) {
    const ExitStatus end = seat.job->Reap();
    const Job job = *std::exchange(seat.job, std::nullopt);
    seat.closing = false;
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
      news_.Say(fmt::format("{} is not minimized: the job ended ({})",
                            diff::SignatureText(seat.minimizing->signature),
                            seat.sentence.empty() ? "crash" : seat.sentence));
      seat.minimizing.reset();
      return {};
    }
    // An end from outside says nothing of the case, if it comes once.
    const bool again = seat.sentence.empty() && end.signal == SIGKILL &&
                       killed_once_.insert(seat.rest.first).second;
    const bool in_flight = !again && flight.stage() != Stage::Idle &&
                           flight.stage() != Stage::Minimize && flight.number() == seat.rest.first;
    if (in_flight) {
      logbook_.Done(seat.rest.first);
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
    const Stage stage = flight.stage();
    const std::vector<engine::EngineSpec> engines = run_.EnginesOf(flight.number());
    const engine::EngineSpec* engine = EngineAt(flight, engines);
    const std::string errors = job.Errors();
    const Death death = Classify(stage, engine, end, sentence, errors);
    Finding finding = MakeFinding(flight.number(), death.signature);
    finding.verdict = death.verdict;
    finding.explanation =
        fmt::format("the job ended ({}) while it was at: {}{}", death.verdict, StageName(stage),
                    engine != nullptr ? ", engine " + engine::EngineText(*engine) : "");
    if (engine != nullptr) finding.suspect = engine::EngineText(*engine);
    finding.errors = errors;
    finding.input = flight.TakeInput();
    if (stage != Stage::Generate) finding.module = flight.TakeModule();
    // What the decoder died of stays as it is.
    if (stage == Stage::Run) {
      finding.module = testcase::WithBudgets(std::move(finding.module), options_.budgets);
    }
    finding.original_bytes = testcase::ModuleBytes(finding.module);
    const std::string bucket = diff::SignatureText(death.signature);
    switch (death.kind) {
      case DeathKind::Finding:
        tally_.CountFinding(bucket);
        break;
      case DeathKind::GeneratorCrash:
        tally_.CountGeneratorCrash(bucket);
        finding.kind = "generator crash";
        break;
      case DeathKind::Killed:
        tally_.CountKilled(bucket);
        finding.kind = "killed";
        break;
    }
    finding.without = without;
    TRY(findings_.Keep(finding, SecondsSince(started_)));
    const bool by_engine = death.kind == DeathKind::Finding && engine != nullptr &&
                           engine::InProcess(*engine) && death.verdict != "memory";
    if (by_engine && !finding.module.empty()) findings_.PlanMinimization(finding);
    return {};
  }

  Result<Outcome, std::string> Finish(std::string failure) {
    Outcome outcome;
    outcome.failure = std::move(failure);
    outcome.interrupted = Interrupts::Any();
    outcome.seconds = SecondsSince(started_);
    seats_.clear();  // only then the CPU time of jobs and their workers is known
    outcome.cpu_seconds = CpuSeconds() - cpu_seconds_before_;
    news_.EraseStatus();
    if (const auto written = WriteEnd(outcome); !written && outcome.failure.empty()) {
      outcome.failure = written.error();
    }
    outcome.cases_before = cases_before_;
    outcome.seconds_before = logbook_.past().seconds;
    outcome.cpu_seconds_before = logbook_.past().cpu_seconds;
    outcome.silent = SilentEngines(tally_, run_.engines);
    for (const auto& [row, count] : findings_.KnownByCause()) tally_.TakeKnown(row, count);
    outcome.tally = std::move(tally_);
    outcome.reach = std::move(reach_);
    outcome.bugs = findings_.Bugs();
    outcome.found_before = findings_.found_before();
    return outcome;
  }

  Result<void, std::string> WriteEnd(const Outcome& outcome) {
    TRY(Write(/*last=*/true));
    TRY(findings_.WriteCounts());
    const std::string how = !outcome.failure.empty() ? "failed: " + outcome.failure
                            : outcome.interrupted    ? "interrupted"
                                                     : "done";
    const auto ended = wait_.Persist([&] { return logbook_.End(how); });
    if (!ended) return Fail(ended.error().message);
    return {};
  }

  const Options& options_;
  CaseRun run_;
  News news_;
  DiskWait wait_;
  Logbook logbook_;
  Findings findings_;
  Retrials retrials_;
  Dealer dealer_;
  Clock::time_point started_;
  double cpu_seconds_before_ = CpuSeconds();
  std::optional<Clock::time_point> drained_since_;
  std::vector<Seat> seats_;
  double minimizing_seconds_ = 0;
  Tally tally_;  // of the series
  uint64_t cases_before_;
  reach::Reach reach_;
  std::set<uint64_t> killed_once_;  // numbers
  std::set<uint64_t> silent_;       // told
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
