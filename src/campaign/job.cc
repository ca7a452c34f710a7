#include "campaign/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include "base/orphans.h"
#include "campaign/trial.h"
#include "campaign/wire.h"

namespace slabhound::campaign {
namespace {

constexpr size_t kErrorBytesMax = 4096;

bool WriteAll(int fd, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return true;
}

bool ReadAll(int fd, std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = read(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return true;
}

bool WriteFrame(int fd, const Bytes& content) {
  Bytes frame(4);
  StoreLittle(frame.data(), static_cast<uint32_t>(content.size()));
  frame.insert(frame.end(), content.begin(), content.end());
  return WriteAll(fd, frame);
}

// The child's whole life.
void Work(const CaseRun& run, double minimize_seconds, int orders, int reports, Flight& flight) {
  for (;;) {
    std::array<uint8_t, 4> size{};
    if (!ReadAll(orders, size)) return;
    Bytes frame(LoadLittle<uint32_t>(size.data()));
    if (!ReadAll(orders, frame)) return;
    const auto order = ReadOrder(frame);
    if (!order) return;
    if (const auto* minimize = std::get_if<MinimizeOrder>(&*order)) {
      const auto how = minimize->died ? MinimizeDeath : RunMinimize;
      const Bytes report = WriteReport(how(run, *minimize, minimize_seconds, flight));
      if (!WriteFrame(reports, report)) return;
      flight.End();
      continue;
    }
    const auto& cases = std::get<CasesOrder>(*order);
    for (uint64_t i = 0; i < cases.count; ++i) {
      // What Binaryen says about earlier cases is of no interest.
      if (ftruncate(STDERR_FILENO, 0) == 0) lseek(STDERR_FILENO, 0, SEEK_SET);
      if (!WriteFrame(reports, WriteReport(RunCase(run, cases.first + i, flight)))) return;
      flight.End();
    }
  }
}

}  // namespace

Result<Worker, std::string> Worker::Start(const CaseRun& run, double minimize_seconds,
                                          std::span<const int> foreign) {
  Worker worker;
  worker.flight_ = MapFlight();
  int orders[2] = {-1, -1}, reports[2] = {-1, -1};
  worker.errors_fd_ = memfd_create("worker-stderr", MFD_CLOEXEC);
  const auto failed = [&](const char* what) {
    const int error = errno;
    for (const int fd : {orders[0], orders[1], reports[0], reports[1]}) {
      if (fd >= 0) close(fd);
    }
    return Fail(fmt::format("cannot start a worker: {}: {}", what, std::strerror(error)));
  };
  if (!worker.flight_) return failed("mmap");
  if (worker.errors_fd_ < 0) return failed("memfd_create");
  if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(reports, O_CLOEXEC) != 0) return failed("pipe");
  std::fflush(nullptr);
  const pid_t supervisor = getpid();
  const pid_t pid = ForkChild();
  if (pid < 0) return failed("fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(0);
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGPIPE, SIG_DFL);
    for (const int fd : foreign) close(fd);
    close(orders[1]);
    close(reports[0]);
    dup2(worker.errors_fd_, STDERR_FILENO);
    // A back trace costs an engine's worker a fifth of a second, and no bucket needs it.
    setenv("RUST_BACKTRACE", "0", 1);
    Work(run, minimize_seconds, orders[0], reports[1], *worker.flight_);
    // Not exit: the supervisor's buffers and handlers are none of the child's business.
    _exit(0);
  }
  close(orders[0]);
  close(reports[1]);
  worker.pid_ = pid;
  worker.orders_fd_ = orders[1];
  worker.reports_fd_ = reports[0];
  fcntl(worker.reports_fd_, F_SETFL, O_NONBLOCK);
  worker.descriptors_[0] = worker.orders_fd_;
  worker.descriptors_[1] = worker.reports_fd_;
  worker.descriptors_[2] = worker.errors_fd_;
  return worker;
}

Worker::Worker(Worker&& other) noexcept { *this = std::move(other); }

Worker& Worker::operator=(Worker&& other) noexcept {
  if (this == &other) return *this;
  Release();
  pid_ = std::exchange(other.pid_, -1);
  orders_fd_ = std::exchange(other.orders_fd_, -1);
  reports_fd_ = std::exchange(other.reports_fd_, -1);
  errors_fd_ = std::exchange(other.errors_fd_, -1);
  std::ranges::copy(other.descriptors_, descriptors_);
  flight_ = std::move(other.flight_);
  arrived_ = std::move(other.arrived_);
  return *this;
}

Worker::~Worker() { Release(); }

void Worker::Release() {
  if (pid_ > 0) {
    Kill();
    Reap();
  }
  for (int* fd : {&orders_fd_, &reports_fd_, &errors_fd_}) {
    if (*fd >= 0) close(std::exchange(*fd, -1));
  }
}

bool Worker::Send(const Order& order) { return WriteFrame(orders_fd_, WriteOrder(order)); }

void Worker::CloseOrders() {
  if (orders_fd_ >= 0) close(std::exchange(orders_fd_, -1));
  descriptors_[0] = -1;
}

Worker::Received Worker::Receive(std::vector<Report>& reports) {
  Received received = Received::Open;
  for (;;) {
    std::array<uint8_t, 16384> buffer;
    const ssize_t count = read(reports_fd_, buffer.data(), buffer.size());
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

void Worker::Kill() {
  if (pid_ > 0) kill(pid_, SIGKILL);
}

ExitStatus Worker::Reap() {
  const ExitStatus end = ReapChild(std::exchange(pid_, -1));
  KillOrphans();  // what its engines left
  return end;
}

uint64_t Worker::cpu_ns() const {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

uint64_t Worker::resident_bytes() const {
  const std::string path = fmt::format("/proc/{}/statm", pid_);
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return 0;
  unsigned long total = 0, resident = 0;
  const int read = std::fscanf(file, "%lu %lu", &total, &resident);
  std::fclose(file);
  return read == 2 ? uint64_t{resident} * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::string Worker::Errors() const {
  const off_t size = lseek(errors_fd_, 0, SEEK_END);
  if (size <= 0) return {};
  std::string text(std::min<size_t>(static_cast<size_t>(size), kErrorBytesMax), '\0');
  const ssize_t count =
      pread(errors_fd_, text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(count < 0 ? 0 : static_cast<size_t>(count));
  return text;
}

}  // namespace slabhound::campaign
