#include "base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace slabhound {
namespace {

void CloseFd(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

// A pipe whose ends are closed when they are not taken.
struct Pipe {
  int read_end = -1, write_end = -1;
  bool Open() {
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
  ~Pipe() {
    CloseFd(read_end);
    CloseFd(write_end);
  }
};

int Take(int& fd) { return std::exchange(fd, -1); }

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// This process's environment with the additions, each name once.
std::vector<std::string> Environment(const std::vector<std::string>& additions) {
  std::vector<std::string> environment = additions;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    if (std::ranges::none_of(additions,
                             [name](const std::string& each) { return each.starts_with(name); })) {
      environment.emplace_back(text);
    }
  }
  return environment;
}

// The child's side between fork and exec: system calls only. Reports errno on `report` and ends.
[[noreturn]] void Exec(const Pipe& input, const Pipe& output, const Pipe& errors,
                       const Pipe& report, pid_t parent, uint64_t data_bytes_max,
                       char* const* arguments, char* const* environment) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (data_bytes_max != 0) {
    const rlimit limit = {data_bytes_max, data_bytes_max};
    setrlimit(RLIMIT_DATA, &limit);
  }
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // First above the numbers that are written to, so that none is overwritten before it is used.
  std::array<int, 4> ends = {input.read_end, output.write_end, errors.write_end, report.write_end};
  for (int& end : ends) end = fcntl(end, F_DUPFD_CLOEXEC, 10);
  bool placed = true;
  for (int i = 0; i < 4; ++i) placed = placed && dup2(ends[static_cast<size_t>(i)], i) == i;
  if (placed) {
    fcntl(3, F_SETFD, FD_CLOEXEC);
    syscall(SYS_close_range, 4u, ~0u, 0u);
    execvpe(arguments[0], arguments, environment);
  }
  const int error = errno;
  // The pipe is empty and the report is short: this cannot fail in part.
  [[maybe_unused]] const ssize_t written = write(3, &error, sizeof error);
  _exit(127);
}

int MillisecondsUntil(Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000));
}

}  // namespace

Result<Subprocess, std::string> Subprocess::Start(const SubprocessOptions& options) {
  CHECK(!options.command.empty());
  [[maybe_unused]] static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
  const auto failed = [&options](int error) {
    return Fail(options.command.front() + ": " + std::strerror(error));
  };
  Pipe input, output, errors, report;
  if (!input.Open() || !output.Open() || !errors.Open() || !report.Open()) return failed(errno);
  std::vector<std::string> command = options.command;
  std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> arguments = Pointers(command), variables = Pointers(environment);
  const pid_t parent = getpid();
  const pid_t pid = ForkChild();
  if (pid < 0) return failed(errno);
  if (pid == 0) {
    Exec(input, output, errors, report, parent, options.data_bytes_max, arguments.data(),
         variables.data());
  }
  setpgid(pid, pid);  // whoever comes first
  CloseFd(report.write_end);
  Subprocess child;
  child.pid_ = pid;
  child.input_ = Take(input.write_end);
  child.output_ = Take(output.read_end);
  child.errors_ = Take(errors.read_end);
  child.handle_ = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  child.stderr_bytes_max_ = options.stderr_bytes_max;
  for (const int fd : {child.input_, child.output_, child.errors_}) {
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  int error = 0;
  ssize_t got = 0;
  do {
    got = read(report.read_end, &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  if (got == sizeof error) return failed(error);
  return child;
}

Subprocess::Subprocess(Subprocess&& other) noexcept { *this = std::move(other); }

Subprocess& Subprocess::operator=(Subprocess&& other) noexcept {
  if (this == &other) return *this;
  Release();
  pid_ = Take(other.pid_);
  input_ = Take(other.input_);
  output_ = Take(other.output_);
  errors_ = Take(other.errors_);
  handle_ = Take(other.handle_);
  status_ = other.status_;
  ahead_ = std::move(other.ahead_);
  ahead_at_ = std::exchange(other.ahead_at_, 0);
  ahead_end_ = std::exchange(other.ahead_end_, 0);
  stderr_ = std::move(other.stderr_);
  stderr_bytes_max_ = other.stderr_bytes_max_;
  return *this;
}

Subprocess::~Subprocess() { Release(); }

void Subprocess::Release() {
  if (pid_ > 0) Kill();
  for (int* fd : {&input_, &output_, &errors_, &handle_}) CloseFd(*fd);
  pid_ = -1;
}

void Subprocess::DrainErrors() {
  std::array<char, 8192> buffer;
  // A child that floods without end must not keep us here.
  for (int rounds = 0; errors_ >= 0 && rounds < 64; ++rounds) {
    const ssize_t got = read(errors_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return;
    if (got == 0) return CloseFd(errors_);
    stderr_.append(buffer.data(), static_cast<size_t>(got));
    if (stderr_.size() > stderr_bytes_max_) stderr_.erase(0, stderr_.size() - stderr_bytes_max_);
  }
}

bool Subprocess::Await(int fd, short events, Deadline deadline, bool* ended) {
  while (true) {
    std::array<pollfd, 3> polled = {pollfd{fd, events, 0}, pollfd{errors_, POLLIN, 0},
                                    pollfd{handle_, POLLIN, 0}};
    const int left = MillisecondsUntil(deadline);
    const int ready = poll(polled.data(), polled.size(), left);
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && polled[1].revents != 0) DrainErrors();
    if (ready > 0 && polled[2].revents != 0) *ended = true;
    if (ready > 0 && (polled[0].revents != 0 || *ended)) return true;
    if (left == 0) return false;
  }
}

Result<void, PipeFailure> Subprocess::Write(ByteSpan content, Deadline deadline) {
  bool ended = false;
  while (!content.empty()) {
    if (input_ < 0 || ended) return Fail(PipeFailure::Closed);
    const ssize_t put = write(input_, content.data(), content.size());
    if (put >= 0) {
      content = content.subspan(static_cast<size_t>(put));
    } else if (errno == EAGAIN) {
      if (!Await(input_, POLLOUT, deadline, &ended)) return Fail(PipeFailure::Timeout);
    } else if (errno != EINTR) {
      return Fail(PipeFailure::Closed);
    }
  }
  return {};
}

ssize_t Subprocess::ReadSome(std::span<uint8_t> content) {
  constexpr size_t kAheadBytes = 64u << 10;
  if (ahead_at_ == ahead_end_) {
    if (content.size() >= kAheadBytes) return read(output_, content.data(), content.size());
    ahead_.resize(kAheadBytes);
    const ssize_t got = read(output_, ahead_.data(), ahead_.size());
    if (got <= 0) return got;
    ahead_at_ = 0;
    ahead_end_ = static_cast<size_t>(got);
  }
  const size_t count = std::min(content.size(), ahead_end_ - ahead_at_);
  std::memcpy(content.data(), ahead_.data() + ahead_at_, count);
  ahead_at_ += count;
  return static_cast<ssize_t>(count);
}

Result<void, PipeFailure> Subprocess::Read(std::span<uint8_t> content, Deadline deadline) {
  bool ended = false;
  while (!content.empty()) {
    const bool last = ended;  // what a dead child left is all there is
    const ssize_t got = ReadSome(content);
    if (got > 0) {
      content = content.subspan(static_cast<size_t>(got));
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR) || last) {
      return Fail(PipeFailure::Closed);
    } else if (!Await(output_, POLLIN, deadline, &ended)) {
      return Fail(PipeFailure::Timeout);
    }
  }
  return {};
}

void Subprocess::CloseInput() { CloseFd(input_); }

std::optional<ExitStatus> Subprocess::Wait(Deadline deadline) {
  while (!status_) {
    siginfo_t info = {};
    waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    if (info.si_pid == pid_) return Kill();
    if (MillisecondsUntil(deadline) == 0) return std::nullopt;
    bool ended = false;
    // Without a pidfd, look again every few milliseconds.
    const Deadline soon = DeadlineIn(std::chrono::milliseconds(5));
    Await(-1, 0, handle_ >= 0 ? deadline : std::min(deadline, soon), &ended);
  }
  return status_;
}

ExitStatus Subprocess::Kill() {
  if (!status_) {
    // The child is reaped after the group is killed: until then nobody else can have its number.
    kill(-pid_, SIGKILL);
    status_ = ReapChild(pid_);
    KillOrphans();
  }
  DrainErrors();
  return *status_;
}

const std::string& Subprocess::Errors() {
  DrainErrors();
  return stderr_;
}

std::string ShellQuoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace slabhound
