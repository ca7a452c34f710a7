#include "campaign/campaign.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>
#include <vector>

#include "campaign/dealer.h"
#include "campaign/death.h"
#include "campaign/store.h"
#include "campaign/worker.h"
#include "gen/binaryen.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

volatile std::sig_atomic_t g_interrupts = 0;

extern "C" void OnInterrupt(int) {
  g_interrupts = g_interrupts + 1;
  // Workers die with their supervisor.
  if (g_interrupts > 1) _exit(130);
}

// SIGINT and SIGTERM are counted, SIGPIPE is a failed write, as long as this lives.
class Signals {
 public:
  Signals() {
    g_interrupts = 0;
    struct sigaction count{}, ignore{};
    count.sa_handler = OnInterrupt;
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGINT, &count, &old_[0]);
    sigaction(SIGTERM, &count, &old_[1]);
    sigaction(SIGPIPE, &ignore, &old_[2]);
  }
  ~Signals() {
    sigaction(SIGINT, &old_[0], nullptr);
    sigaction(SIGTERM, &old_[1], nullptr);
    sigaction(SIGPIPE, &old_[2], nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct sigaction old_[3];
};

class Supervisor {
 public:
  Supervisor(const Options& options, Store store)
      : options_(options),
        store_(std::move(store)),
        dealer_(options.modules),
        started_(Clock::now()) {
    run_.seed = options.seed;
    run_.engines = options.engines.empty() ? diff::DefaultEngines(options.fault) : options.engines;
    run_.at_stage = options.at_stage;
    seats_.resize(options.jobs);
  }

  Result<Outcome, std::string> Run() {
    const Signals signals;
    for (;;) {
      if (g_interrupts > 0) break;
      if (options_.seconds && SecondsSince(started_) >= *options_.seconds) dealing_ = false;
      if (!drained_since_ && !dealing_) drained_since_ = Clock::now();
      // Batches and minimizations under way are bounded; this is the bound of them all.
      if (drained_since_ && SecondsSince(*drained_since_) > options_.minimize_seconds_max + 10)
        break;
      bool busy = false;
      for (Seat& seat : seats_) {
        TRY(GiveWork(seat));
        busy |= seat.worker.has_value();
      }
      if (!busy) break;
      Wait();
      for (Seat& seat : seats_) {
        if (!seat.worker) continue;
        TRY(Listen(seat));
        if (seat.worker) Watch(seat);
      }
      ShowStatus();
    }
    return Finish();
  }

 private:
  // A place for a worker, and what it was ordered.
  struct Seat {
    std::optional<Worker> worker;
    CasesOrder rest;                    // cases not reported yet
    std::optional<Finding> minimizing;  // the unminimized one
    bool closing = false;
    uint64_t cases = 0;
    std::string sentence;  // why the supervisor killed it
    // The last sign of life.
    uint64_t beats = 0, beat_cpu_ns = 0;
    Clock::time_point beat_at, watched_at;

    bool idle() const { return rest.count == 0 && !minimizing; }
  };

  void Say(const std::string& line) {
    if (options_.log == nullptr) return;
    const std::string text =
        fmt::format("{}slabhound: {}\n", options_.rewrite_status ? "\r\x1b[K" : "", line);
    std::fwrite(text.data(), 1, text.size(), options_.log);
    std::fflush(options_.log);
  }

  double StatusInterval() const { return options_.rewrite_status ? 0.5 : 10; }

  void ShowStatus() {
    if (options_.log == nullptr) return;
    const double seconds = SecondsSince(started_);
    if (seconds < next_status_) return;
    next_status_ = seconds + StatusInterval();
    const std::string status = StatusText(tally_, seconds);
    const std::string text = options_.rewrite_status ? "\r\x1b[K" + status : status + "\n";
    std::fwrite(text.data(), 1, text.size(), options_.log);
    std::fflush(options_.log);
  }

  Result<void, std::string> GiveWork(Seat& seat) {
    if (seat.closing || !seat.idle()) return {};
    if (seat.worker && (seat.cases >= options_.worker_cases_max ||
                        seat.worker->resident_bytes() >= options_.worker_bytes_soft)) {
      return Close(seat), Result<void, std::string>{};
    }
    Order order;
    if (!to_minimize_.empty()) {
      const auto first = to_minimize_.begin();
      order = MinimizeOrder{first->second.signature, first->second.module};
      seat.minimizing = std::move(first->second);
      to_minimize_.erase(first);
    } else if (const auto cases = dealing_ ? dealer_.Next() : std::nullopt) {
      order = *cases;
      seat.rest = *cases;
    } else {
      // The last finding may still come from another seat; a worker is started again for it.
      Close(seat);
      return {};
    }
    if (!seat.worker) TRY(Hire(seat));
    seat.beat_at = Clock::now();
    seat.beat_cpu_ns = seat.worker->cpu_ns();
    seat.worker->Send(order);  // a failure is an end that Listen hears of
    return {};
  }

  void Close(Seat& seat) {
    if (!seat.worker) return;
    seat.worker->CloseOrders();
    seat.closing = true;
  }

  Result<void, std::string> Hire(Seat& seat) {
    std::vector<int> foreign;
    for (const Seat& other : seats_) {
      if (!other.worker) continue;
      for (const int fd : other.worker->descriptors()) {
        if (fd >= 0) foreign.push_back(fd);
      }
    }
    auto worker = Worker::Start(run_, options_.minimize_seconds_max, foreign);
    if (!worker) return Fail(std::move(worker.error()));
    seat.worker = *std::move(worker);
    seat.cases = 0;
    seat.sentence.clear();
    seat.beats = 0;
    return {};
  }

  void Wait() {
    std::vector<pollfd> fds;
    for (const Seat& seat : seats_) {
      if (seat.worker) fds.push_back({seat.worker->reports_fd(), POLLIN, 0});
    }
    poll(fds.data(), fds.size(), 100);
  }

  Result<void, std::string> Listen(Seat& seat) {
    std::vector<Report> reports;
    const Worker::Received received = seat.worker->Receive(reports);
    for (const Report& report : reports) {
      if (const auto* minimized = std::get_if<MinimizedReport>(&report)) {
        TRY(TakeMinimized(seat, *minimized));
      } else {
        TRY(TakeCase(seat, std::get<CaseReport>(report)));
      }
    }
    if (received == Worker::Received::Broken) {
      if (seat.sentence.empty()) seat.sentence = "garbage";
      seat.worker->Kill();
      return Bury(seat);
    }
    if (received == Worker::Received::Ended) return Bury(seat);
    return {};
  }

  Result<void, std::string> TakeCase(Seat& seat, const CaseReport& report) {
    if (seat.rest.count == 0 || report.number != seat.rest.first) {
      seat.sentence = "garbage";
      seat.worker->Kill();
      return {};
    }
    ++seat.rest.first;
    --seat.rest.count;
    ++seat.cases;
    deaths_in_a_row_ = 0;
    tally_.Count(report);
    if (report.signature.empty()) return {};
    Finding finding = MakeFinding(report.number, report.signature);
    finding.verdict = diff::VerdictName(report.verdict);
    finding.explanation = report.explanation;
    finding.suspect = report.suspect;
    finding.module = report.module;
    finding.original_bytes = report.module.size();
    TRY(Keep(finding));
    PlanMinimization(finding);
    return {};
  }

  Finding MakeFinding(uint64_t number, const std::string& signature) const {
    Finding finding;
    finding.signature = signature;
    for (const diff::EngineSpec& engine : run_.engines) {
      finding.engines.push_back(diff::EngineText(engine));
    }
    finding.seed = options_.seed;
    finding.number = number;
    finding.binaryen_version = gen::BinaryenVersion();
    return finding;
  }

  // Counts the case for its bucket's file, and writes it when it is the best so far.
  Result<void, std::string> Keep(const Finding& finding) {
    if (++unwritten_counts_[finding.signature] == 1 && !announced_.contains(finding.signature)) {
      announced_[finding.signature] = true;
      Say(fmt::format("{}: {} (case {}, after {:.1f} s) in {}", finding.kind, finding.signature,
                      finding.number, SecondsSince(started_), store_.FolderOf(finding.signature)));
    }
    const auto written = store_.Offer(finding);
    if (!written) return Fail(written.error().message);
    return {};
  }

  // The bucket's first case is minimized, and later ones that start from half of it.
  void PlanMinimization(const Finding& finding) {
    auto [tried, is_first] = tried_bytes_.try_emplace(finding.signature, finding.original_bytes);
    if (!is_first) {
      if (finding.original_bytes * 2 > tried->second) return;
      tried->second = finding.original_bytes;
    }
    to_minimize_.insert_or_assign(finding.signature, finding);
  }

  Result<void, std::string> TakeMinimized(Seat& seat, const MinimizedReport& report) {
    if (!seat.minimizing || report.signature != seat.minimizing->signature) {
      seat.sentence = "garbage";
      seat.worker->Kill();
      return {};
    }
    Finding finding = *std::exchange(seat.minimizing, std::nullopt);
    deaths_in_a_row_ = 0;
    if (!report.failure.empty()) {
      Say(fmt::format("{} is not minimized: {}", finding.signature, report.failure));
      return {};
    }
    finding.minimized = true;
    finding.module = report.module;
    finding.explanation = report.explanation;
    finding.suspect = report.suspect;
    finding.regression = report.regression;
    finding.regression_missing = report.regression_missing;
    const auto written = store_.Offer(finding);
    if (!written) return Fail(written.error().message);
    Say(fmt::format("{} minimized: {} bytes of {}{}", finding.signature, finding.module.size(),
                    finding.original_bytes, report.complete ? "" : " (the time ran out)"));
    return {};
  }

  // Kills a worker that hangs or has grown too large.
  void Watch(Seat& seat) {
    if (seat.idle() || !seat.sentence.empty()) return;
    const uint64_t beats = seat.worker->flight().beats();
    const auto now = Clock::now();
    if (beats != seat.beats) {
      seat.beats = beats;
      seat.beat_at = now;
      seat.beat_cpu_ns = seat.worker->cpu_ns();
    }
    if (std::chrono::duration<double>(now - seat.watched_at).count() < 0.5) return;
    seat.watched_at = now;
    const double cpu = static_cast<double>(seat.worker->cpu_ns() - seat.beat_cpu_ns) / 1e9;
    if (cpu > options_.case_cpu_seconds_max ||
        SecondsSince(seat.beat_at) > options_.case_wall_seconds_max) {
      seat.sentence = "hang";
    } else if (seat.worker->resident_bytes() > options_.worker_bytes_max) {
      seat.sentence = "memory";
    }
    if (!seat.sentence.empty()) seat.worker->Kill();
  }

  // A worker has ended: its case in flight is classified and kept, the rest of its batch is dealt
  // again.
  Result<void, std::string> Bury(Seat& seat) {
    const ExitStatus end = seat.worker->Reap();
    const Worker worker = *std::exchange(seat.worker, std::nullopt);
    seat.closing = false;
    if (seat.idle()) return {};
    if (++deaths_in_a_row_ > 20) return Fail(std::string("workers die before they do anything"));
    const Flight& flight = worker.flight();
    if (seat.minimizing) {
      Say(fmt::format("{} is not minimized: the worker ended ({})", seat.minimizing->signature,
                      seat.sentence.empty() ? "crash" : seat.sentence));
      seat.minimizing.reset();
      return {};
    }
    const bool in_flight = flight.stage() != Stage::Idle && flight.stage() != Stage::Minimize &&
                           flight.number() == seat.rest.first;
    if (in_flight) {
      ++seat.rest.first;
      --seat.rest.count;
      deaths_in_a_row_ = 0;
    }
    dealer_.Return(std::exchange(seat.rest, {}));
    return in_flight ? TakeDeath(worker, end, seat.sentence) : Result<void, std::string>{};
  }

  Result<void, std::string> TakeDeath(const Worker& worker, const ExitStatus& end,
                                      const std::string& sentence) {
    const Flight& flight = worker.flight();
    const Stage stage = flight.stage();
    const diff::EngineSpec* engine = stage == Stage::Run && flight.engine() < run_.engines.size()
                                         ? &run_.engines[flight.engine()]
                                         : nullptr;
    const std::string errors = worker.Errors();
    const Death death = Classify(stage, engine, end, sentence, errors);
    Finding finding = MakeFinding(flight.number(), death.signature);
    finding.verdict = death.verdict;
    finding.explanation =
        fmt::format("the worker ended ({}) while it was at: {}{}", death.verdict, StageName(stage),
                    engine != nullptr ? ", engine " + diff::EngineText(*engine) : "");
    if (engine != nullptr) finding.suspect = diff::EngineText(*engine);
    finding.errors = errors;
    finding.input = flight.TakeInput();
    if (stage != Stage::Generate) finding.module = flight.TakeModule();
    finding.original_bytes = finding.module.size();
    switch (death.kind) {
      case DeathKind::Finding:
        tally_.CountFinding(death.signature);
        break;
      case DeathKind::GeneratorCrash:
        tally_.CountGeneratorCrash(death.signature);
        finding.kind = "generator crash";
        break;
      case DeathKind::Killed:
        tally_.CountKilled(death.signature);
        finding.kind = "killed";
        break;
    }
    return Keep(finding);
  }

  Result<Outcome, std::string> Finish() {
    Outcome outcome;
    outcome.interrupted = g_interrupts > 0;
    outcome.seconds = SecondsSince(started_);
    seats_.clear();
    if (options_.rewrite_status && options_.log != nullptr) {
      std::fputs("\r\x1b[K", options_.log);
      std::fflush(options_.log);
    }
    for (const auto& [signature, count] : unwritten_counts_) {
      const auto added = store_.AddCount(signature, count);
      if (!added) return Fail(added.error().message);
    }
    outcome.tally = std::move(tally_);
    outcome.found_before = store_.found_before();
    return outcome;
  }

  const Options& options_;
  CaseRun run_;
  Store store_;
  Dealer dealer_;
  Clock::time_point started_;
  std::optional<Clock::time_point> drained_since_;
  std::vector<Seat> seats_;
  Tally tally_;
  bool dealing_ = true;
  int deaths_in_a_row_ = 0;
  double next_status_ = StatusInterval();
  std::map<std::string, Finding> to_minimize_;   // by signature
  std::map<std::string, uint64_t> tried_bytes_;  // by signature: the smallest start so far
  std::map<std::string, uint64_t> unwritten_counts_;
  std::map<std::string, bool> announced_;
};

}  // namespace

Result<Outcome, std::string> RunCampaign(const Options& options) {
  auto store = Store::Open(options.out);
  if (!store) return Fail(std::move(store.error().message));
  return Supervisor(options, *std::move(store)).Run();
}

}  // namespace slabhound::campaign
