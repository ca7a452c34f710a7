#include "bench/trial.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>

#include "base/cpu_time.h"
#include "base/guard.h"
#include "campaign/death.h"

namespace slabhound::bench {
namespace {

// A process is as good as new again after so many cases; Binaryen never frees its types.
constexpr uint64_t kCasesOfProcess = 10'000;
constexpr uint64_t kDataBytesMax = uint64_t{2} << 30;
constexpr GuardNote::Time kCaseTime = {std::chrono::seconds(10), std::chrono::minutes(10)};

constexpr std::array<std::string_view, 3> kOutcomes = {"detected", "censored", "died"};

// Of all that were waited for.
double ChildrenCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  double seconds = 0;
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  }
  return seconds;
}

// What is known of a trial, in pages that its children share: plain values.
struct Progress {
  bool is_over;
  Outcome outcome;
  Moment now;
  Sightings reached, triggered;
  uint64_t generator_crashes;
  Signal signal;
  char symptom[256], suspect[256];
};
struct ProgressUnmap {
  void operator()(Progress* progress) const { munmap(progress, sizeof(Progress)); }
};

void CopyText(std::string_view text, std::span<char, 256> to) {
  text = text.substr(0, to.size() - 1);
  *std::ranges::copy(text, to.begin()).out = '\0';
}

class Runner {
 public:
  explicit Runner(const Trial& trial) : trial_(trial), run_(trial.Cases()) {
    void* pages =
        mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED) progress_.reset(new (pages) Progress{});
  }

  TrialResult Run() {
    if (!progress_ || !flight_ || !note_) return Died("no memory for a trial");
    const double cpu_before = ChildrenCpuSeconds();
    while (!progress_->is_over) {
      progress_->now.cpu_seconds = ChildrenCpuSeconds() - cpu_before;
      const auto end = RunGuarded({.data_bytes_max = kDataBytesMax}, [this] {
        RunCases();
        return 0;
      });
      if (!end) return Died(fmt::format("no process: {}", std::strerror(end.error())));
      if (!end->died() && end->status.code == 0) continue;
      progress_->now.cpu_seconds = ChildrenCpuSeconds() - cpu_before;
      Bury(*end);
    }
    return Result();
  }

 private:
  // In a child: until the trial is over, or for as many cases as one process should run.
  void RunCases() {
    heap::ResetFaultCounts();
    Progress& progress = *progress_;
    const double cpu_before = progress.now.cpu_seconds;
    const uint64_t reached_before = progress.reached.count;
    const uint64_t triggered_before = progress.triggered.count;
    for (uint64_t i = 0; i < kCasesOfProcess; ++i) {
      if (IsAtBound()) return Finish(Outcome::Censored);
      note_->Begin("case", kCaseTime);
      const uint64_t number = progress.now.modules++;
      const campaign::CaseReport report = campaign::RunCase(run_, number, {}, *flight_);
      flight_->End();
      progress.now.cpu_seconds = cpu_before + std::chrono::duration<double>(OwnCpuTime()).count();
      const heap::FaultCount count = heap::CountOf(trial_.fault);
      See(progress.reached, reached_before + count.reached);
      See(progress.triggered, triggered_before + count.triggered);
      if (report.is_finding()) return Detected(report.signature, report.suspect);
    }
  }

  bool IsAtBound() const {
    const Moment& now = progress_->now;
    return now.cpu_seconds >= trial_.bounds.cpu_seconds ||
           (trial_.bounds.modules > 0 && now.modules >= trial_.bounds.modules);
  }

  void See(Sightings& sightings, uint64_t count) {
    if (sightings.count == 0 && count > 0) sightings.first = progress_->now;
    sightings.count = count;
  }

  void Finish(Outcome outcome) {
    progress_->outcome = outcome;
    progress_->is_over = true;
  }

  void Detected(const diff::Signature& signature, std::string_view suspect) {
    // Too late is not at all.
    if (progress_->now.cpu_seconds > trial_.bounds.cpu_seconds) return Finish(Outcome::Censored);
    progress_->signal = SignalOf(signature);
    CopyText(diff::SignatureText(signature), progress_->symptom);
    CopyText(suspect, progress_->suspect);
    Finish(Outcome::Detected);
  }

  // A child has died of a case.
  void Bury(const GuardEnd& end) {
    const std::vector<engine::EngineSpec> engines = run_.EnginesOf(flight_->number());
    const engine::EngineSpec* engine = campaign::EngineAt(*flight_, engines);
    const campaign::Death death = campaign::Classify(flight_->stage(), engine, end.status,
                                                     end.hangs ? "hang" : "", end.errors);
    switch (death.kind) {
      case campaign::DeathKind::GeneratorCrash:
        ++progress_->generator_crashes;
        return;
      case campaign::DeathKind::Killed:
        CopyText(diff::SignatureText(death.signature), progress_->symptom);
        return Finish(Outcome::Died);
      case campaign::DeathKind::Finding:
        if (trial_.fault != heap::Fault::None) {
          See(progress_->reached, progress_->reached.count + 1);
          See(progress_->triggered, progress_->triggered.count + 1);
        }
        return Detected(death.signature, engine != nullptr ? engine::EngineText(*engine) : "");
    }
  }

  TrialResult Result() const {
    const Progress& progress = *progress_;
    return {.outcome = progress.outcome,
            .end = progress.now,
            .reached = progress.reached,
            .triggered = progress.triggered,
            .generator_crashes = progress.generator_crashes,
            .signal = progress.signal,
            .symptom = progress.symptom,
            .suspect = progress.suspect};
  }

  static TrialResult Died(std::string why) {
    TrialResult result;
    result.outcome = Outcome::Died;
    result.symptom = std::move(why);
    return result;
  }

  const Trial& trial_;
  const campaign::CaseRun run_;
  std::unique_ptr<Progress, ProgressUnmap> progress_;
  const campaign::SharedFlight flight_ = campaign::MapFlight();
  const SharedGuardNote note_ = MapGuardNote();
};

}  // namespace

std::string_view OutcomeName(Outcome outcome) { return kOutcomes[static_cast<size_t>(outcome)]; }

campaign::CaseRun Trial::Cases() const {
  campaign::CaseRun run;
  run.seed = seed;
  run.generator = generator;
  run.engines = engines;
  for (engine::EngineSpec& each : run.engines) {
    if (each.kind == engine::EngineKind::Slab) each.slab.fault = fault;
  }
  return run;
}

TrialResult RunTrial(const Trial& trial) { return Runner(trial).Run(); }

}  // namespace slabhound::bench
