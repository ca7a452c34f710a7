#include "bench/trials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <list>
#include <set>
#include <thread>
#include <utility>

#include "base/child.h"
#include "base/descriptor.h"
#include "base/file.h"
#include "campaign/interrupts.h"

namespace slabhound::bench {
namespace {

// The file of rows, open for appending by one supervisor and its trials.
class RowFile {
 public:
  static Result<RowFile, std::string> Open(const std::string& path) {
    const auto failed = [&path](const char* what) {
      return Fail(fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
    };
    RowFile file;
    file.file_ = Descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file.file_.is_open()) return failed("cannot be opened");
    if (!file.Lock()) {
      return Fail(fmt::format("{}: another run writes to it (another --out?)", path));
    }
    TRY_ASSIGN(file.rows_, ReadRows(path));
    if (!file.CutTornRow()) return failed("cannot be written");
    return file;
  }

  bool Append(const TrialRow& row) const { return WriteAll(file_.get(), AsBytes(RowText(row))); }
  const std::vector<TrialRow>& rows() const { return rows_; }

 private:
  // The trials of a run that was killed end a moment later than it.
  bool Lock() const {
    constexpr int kTries = 20;
    for (int i = 0; i < kTries; ++i) {
      if (flock(file_.get(), LOCK_EX | LOCK_NB) == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }

  // What a kill left behind the last newline; and the header, if nothing is left.
  bool CutTornRow() {
    const off_t size = lseek(file_.get(), 0, SEEK_END);
    off_t whole = size;
    for (char last = 0; whole > 0; --whole) {
      if (pread(file_.get(), &last, 1, whole - 1) != 1) return false;
      if (last == '\n') break;
    }
    if (whole != size && ftruncate(file_.get(), whole) != 0) return false;
    return whole > 0 || WriteAll(file_.get(), AsBytes(HeaderText()));
  }

  Descriptor file_;
  std::vector<TrialRow> rows_;
};

std::string EndText(const TrialRow& row) {
  const TrialResult& result = row.result;
  if (result.outcome == Outcome::Died) return "died: " + result.symptom;
  std::string text(OutcomeName(result.outcome));
  if (result.outcome == Outcome::Detected) {
    text += fmt::format(" {} ({})", SignalName(result.signal), result.symptom);
  } else {
    text +=
        fmt::format(" (reached {}, triggered {})", result.reached.count, result.triggered.count);
  }
  return text +
         fmt::format(" after {} modules, {:.2f} CPU s", result.end.modules, result.end.cpu_seconds);
}

class Supervisor {
 public:
  Supervisor(const TrialPlan& plan, RowFile file) : plan_(plan), file_(std::move(file)) {}

  Result<bool, std::string> Run() {
    const campaign::Interrupts interrupts;
    TRY_ASSIGN(const std::vector<Trial> trials, Missing());
    count_ = trials.size();
    for (const Trial& trial : trials) {
      while (running_.size() >= plan_.jobs && !campaign::Interrupts::Any()) TRY(AwaitOne());
      if (campaign::Interrupts::Any()) break;
      TRY(Start(trial));
    }
    while (!running_.empty() && !campaign::Interrupts::Any()) TRY(AwaitOne());
    running_.clear();  // kills what an interrupt has left
    return campaign::Interrupts::Any();
  }

 private:
  Result<std::vector<Trial>, std::string> Missing() const {
    std::set<TrialKey> known;
    for (const TrialRow& row : file_.rows()) {
      if (row.bounds != plan_.bounds) {
        return Fail(fmt::format(
            "{}: its trials had {} CPU seconds and {} modules at most (0: any number): the same "
            "--time and --modules, or another --out",
            plan_.folder, row.bounds.cpu_seconds, row.bounds.modules));
      }
      known.insert(row.key);
    }
    std::vector<Trial> trials = TrialsOf(plan_);
    std::erase_if(trials, [&](const Trial& trial) { return known.contains(KeyOf(trial)); });
    return trials;
  }

  Result<void, std::string> Start(const Trial& trial) {
    ++started_;
    std::fflush(nullptr);
    constexpr int kIgnored[] = {SIGINT, SIGTERM};
    auto child = Child::Fork({.leads_group = true, .ignored_signals = kIgnored},
                             [&] { return RunAndAppend(trial) ? 0 : 1; });
    if (!child) {
      return Fail(fmt::format("no process for a trial: {}", std::strerror(child.error())));
    }
    running_.push_back(*std::move(child));
    return {};
  }

  // In the child.
  bool RunAndAppend(const Trial& trial) const {
    const TrialRow row = {KeyOf(trial), trial.bounds, RunTrial(trial)};
    if (!file_.Append(row)) return false;
    if (plan_.log != nullptr) {
      fmt::print(plan_.log, "{}/{} {} seed {} {}: {}\n", started_, count_, row.key.fault,
                 row.key.seed, row.key.generator, EndText(row));
      std::fflush(plan_.log);
    }
    return true;
  }

  // Until a trial has ended, or an interrupt came.
  Result<void, std::string> AwaitOne() {
    while (!campaign::Interrupts::Any()) {
      const auto ended = std::ranges::find_if(running_, &Child::Ended);
      if (ended == running_.end()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        continue;
      }
      const ExitStatus end = ended->Reap();
      running_.erase(ended);
      if (end.code != 0) return Fail(fmt::format("{}: no row could be written", plan_.folder));
      if (end.signal != 0) {
        return Fail(
            fmt::format("a trial was killed by SIG{}: is memory short? The same command "
                        "goes on",
                        sigabbrev_np(end.signal)));
      }
      return {};
    }
    return {};
  }

  const TrialPlan& plan_;
  const RowFile file_;
  std::list<Child> running_;
  size_t started_ = 0, count_ = 0;
};

}  // namespace

std::vector<Trial> TrialsOf(const TrialPlan& plan) {
  std::vector<Trial> trials;
  for (const uint64_t seed : plan.seeds) {
    for (const heap::Fault fault : plan.faults) {
      for (const gen::Generator generator : plan.generators) {
        trials.push_back({fault, seed, generator, plan.engines, plan.bounds});
      }
    }
  }
  return trials;
}

Result<Trials, std::string> RunTrials(const TrialPlan& plan) {
  if (const auto made = MakeFolder(plan.folder); !made) return Fail(made.error().message);
  const std::string path = plan.folder + "/trials.csv";
  TRY_ASSIGN(RowFile file, RowFile::Open(path));
  TRY_ASSIGN(const bool interrupted, Supervisor(plan, std::move(file)).Run());
  TRY_ASSIGN(std::vector<TrialRow> rows, ReadRows(path));
  return Trials{std::move(rows), interrupted};
}

}  // namespace slabhound::bench
