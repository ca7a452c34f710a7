#include "bench/trials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <thread>
#include <utility>

#include "base/descriptor.h"
#include "base/file.h"
#include "bench/processes.h"

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

// Those that have no row yet.
Result<std::vector<Trial>, std::string> MissingOf(const TrialPlan& plan,
                                                  const std::vector<TrialRow>& rows) {
  std::set<TrialKey> known;
  for (const TrialRow& row : rows) {
    if (row.bounds != plan.bounds) {
      return Fail(fmt::format(
          "{}: its trials had {} CPU seconds and {} modules at most (0: any number): the same "
          "--time and --modules, or another --out",
          plan.folder, row.bounds.cpu_seconds, row.bounds.modules));
    }
    known.insert(row.key);
  }
  std::vector<Trial> trials = TrialsOf(plan);
  std::erase_if(trials, [&](const Trial& trial) { return known.contains(KeyOf(trial)); });
  return trials;
}

bool RunAndAppend(const Trial& trial, const std::string& place, const RowFile& file,
                  std::FILE* log) {
  const TrialRow row = {KeyOf(trial), trial.bounds, RunTrial(trial)};
  if (!file.Append(row)) return false;
  if (log == nullptr) return true;
  fmt::print(log, "{} {} seed {} {}: {}\n", place, row.key.fault, row.key.seed, row.key.generator,
             EndText(row));
  std::fflush(log);
  return true;
}

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
  TRY_ASSIGN(const RowFile file, RowFile::Open(path));
  TRY_ASSIGN(const std::vector<Trial> trials, MissingOf(plan, file.rows()));
  std::vector<Task> tasks;
  for (const Trial& trial : trials) {
    tasks.emplace_back([&, place = fmt::format("{}/{}", tasks.size() + 1, trials.size())] {
      return RunAndAppend(trial, place, file, plan.log);
    });
  }
  TRY_ASSIGN(const bool interrupted, RunTasks(tasks, plan.jobs));
  TRY_ASSIGN(std::vector<TrialRow> rows, ReadRows(path));
  return Trials{std::move(rows), interrupted};
}

}  // namespace slabhound::bench
