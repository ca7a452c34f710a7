#include "campaign/job.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>

#include "campaign/history_reduction.h"
#include "campaign/minimization.h"
#include "campaign/trial.h"
#include "campaign/try_run.h"
#include "campaign/wire.h"

namespace slabhound::campaign {
namespace {

constexpr size_t kErrorBytesMax = 4096;

bool WriteFrame(int fd, const Bytes& content) {
  Bytes frame(4);
  StoreLittle(frame.data(), static_cast<uint32_t>(content.size()));
  frame.insert(frame.end(), content.begin(), content.end());
  return WriteAll(fd, frame);
}

// The child's whole life.
void Work(CaseRun run, double minimize_seconds, int orders, int reports, Flight& flight) {
  run.so_far = [reports](const MinimizedReport& report) {
    WriteFrame(reports, WriteReport(report));  // a failure is told by the last one's
  };
  for (;;) {
    flight.CountWorkers(run.lab.workers->workers_started());
    std::array<uint8_t, 4> size{};
    if (!ReadAll(orders, size)) return;
    Bytes frame(LoadLittle<uint32_t>(size.data()));
    if (!ReadAll(orders, frame)) return;
    const auto order = ReadOrder(frame);
    if (!order) return;
    if (run.fresh_workers) {
      run.lab.workers = std::make_shared<worker::Pool>(run.lab.workers->limits());
      run.candidates = run.lab.ForCandidates();
    }
    if (const auto* minimize = std::get_if<MinimizeOrder>(&*order)) {
      const auto how = minimize->died               ? MinimizeDeath
                       : !minimize->history.empty() ? MinimizeWithHistory
                                                    : RunMinimize;
      const Bytes report = WriteReport(how(run, *minimize, minimize_seconds, flight));
      if (!WriteFrame(reports, report)) return;
      flight.End();
      continue;
    }
    if (const auto* kept = std::get_if<TryOrder>(&*order)) {
      if (!WriteFrame(reports, WriteReport(RunTry(run, *kept, flight)))) return;
      flight.End();
      continue;
    }
    const auto& cases = std::get<CasesOrder>(*order);
    for (uint64_t i = 0; i < cases.count; ++i) {
      // What Binaryen says about earlier cases is of no interest.
      EmptyMemoryFile(STDERR_FILENO);
      const CaseReport report = RunCase(run, cases.first + i, cases.without, flight);
      if (!WriteFrame(reports, WriteReport(report))) return;
      flight.End();
    }
  }
}

}  // namespace

Result<Job, std::string> Job::Start(const CaseRun& run, double minimize_seconds,
                                    std::span<const int> foreign) {
  const auto failed = [](const char* what, int error) {
    return Fail(fmt::format("cannot start a job: {}: {}", what, std::strerror(error)));
  };
  Job job;
  Pipe orders, reports;
  job.flight_ = MapFlight();
  if (!job.flight_) return failed("mmap", errno);
  job.errors_ = OpenMemoryFile("job-stderr");
  if (!job.errors_.is_open()) return failed("memfd_create", errno);
  if (!orders.Open() || !reports.Open()) return failed("pipe", errno);
  std::fflush(nullptr);
  constexpr std::array kIgnored = {SIGINT, SIGTERM};
  constexpr std::array kDefault = {SIGPIPE};
  auto child = Child::Fork({.starts_others = true,
                            .errors = job.errors_.get(),
                            .default_signals = kDefault,
                            .ignored_signals = kIgnored},
                           [&] {
                             for (const int fd : foreign) close(fd);
                             orders.write_end.Close();
                             reports.read_end.Close();
                             // A back trace costs an engine's worker a fifth of a second, and no
                             // bucket needs it.
                             setenv("RUST_BACKTRACE", "0", 1);
                             Work(run, minimize_seconds, orders.read_end.get(),
                                  reports.write_end.get(), *job.flight_);
                             return 0;
                           });
  if (!child) return failed("fork", child.error());
  job.child_ = *std::move(child);
  job.orders_ = std::move(orders.write_end);
  job.reports_ = std::move(reports.read_end);
  fcntl(job.reports_.get(), F_SETFL, O_NONBLOCK);
  return job;
}

bool Job::Send(const Order& order) { return WriteFrame(orders_.get(), WriteOrder(order)); }

Job::Received Job::Receive(std::vector<Report>& reports) {
  Received received = Received::Open;
  for (;;) {
    std::array<uint8_t, 16384> buffer;
    const ssize_t count = read(reports_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count <= 0) {
      received = Received::Ended;
      break;
    }
    arrived_.insert(arrived_.end(), buffer.begin(), buffer.begin() + count);
    if (arrived_.size() > kFrameBytesMax + buffer.size()) return Received::Broken;
  }
  size_t at = 0;
  while (arrived_.size() - at >= 4) {
    const size_t size = LoadLittle<uint32_t>(arrived_.data() + at);
    if (size > kFrameBytesMax) return Received::Broken;
    if (arrived_.size() - at - 4 < size) break;
    auto report = ReadReport(ByteSpan(arrived_).subspan(at + 4, size));
    if (!report) return Received::Broken;
    reports.push_back(*std::move(report));
    at += 4 + size;
  }
  arrived_.erase(arrived_.begin(), arrived_.begin() + static_cast<ptrdiff_t>(at));
  return received;
}

uint64_t Job::cpu_ns() const {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(child_.pid(), &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

uint64_t Job::resident_bytes() const {
  const std::string path = fmt::format("/proc/{}/statm", child_.pid());
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return 0;
  unsigned long total = 0, resident = 0;
  const int read = std::fscanf(file, "%lu %lu", &total, &resident);
  std::fclose(file);
  return read == 2 ? uint64_t{resident} * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::string Job::Errors() const { return TailOfMemoryFile(errors_.get(), kErrorBytesMax); }

}  // namespace slabhound::campaign
