#include "base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/check.h"

namespace slabhound {
namespace {

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

constexpr auto kAllSignals = [] {
  std::array<int, NSIG - 1> numbers{};
  for (int number = 1; number < NSIG; ++number) numbers[static_cast<size_t>(number - 1)] = number;
  return numbers;
}();

// In the child: system calls only. Reports errno on `report` and returns the exit code.
int Exec(const Pipe& input, const Pipe& output, const Pipe& errors, const Pipe& report,
         char* const* arguments, char* const* environment) {
  // First above the numbers that are written to, so that none is overwritten before it is used.
  std::array<int, 4> ends = {input.read_end.get(), output.write_end.get(), errors.write_end.get(),
                             report.write_end.get()};
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
  return 127;
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
  auto child = Child::Fork(
      {.leads_group = true,
       .starts_others = true,
       .data_bytes_max = options.data_bytes_max,
       .default_signals = kAllSignals},
      [&] { return Exec(input, output, errors, report, arguments.data(), variables.data()); });
  if (!child) return failed(child.error());
  report.write_end.Close();
  Subprocess started;
  started.child_ = *std::move(child);
  started.input_ = std::move(input.write_end);
  started.output_ = std::move(output.read_end);
  started.errors_ = std::move(errors.read_end);
  started.stderr_bytes_max_ = options.stderr_bytes_max;
  for (const Descriptor* each : {&started.input_, &started.output_, &started.errors_}) {
    fcntl(each->get(), F_SETFL, fcntl(each->get(), F_GETFL) | O_NONBLOCK);
  }
  int error = 0;
  if (ReadAll(report.read_end.get(), {reinterpret_cast<uint8_t*>(&error), sizeof error})) {
    return failed(error);
  }
  return started;
}

void Subprocess::DrainErrors() {
  std::array<char, 8192> buffer;
  // A child that floods without end must not keep us here.
  for (int rounds = 0; errors_.is_open() && rounds < 64; ++rounds) {
    const ssize_t got = read(errors_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return;
    if (got == 0) return errors_.Close();
    stderr_.append(buffer.data(), static_cast<size_t>(got));
    if (stderr_.size() > stderr_bytes_max_) stderr_.erase(0, stderr_.size() - stderr_bytes_max_);
  }
}

bool Subprocess::Await(int fd, short events, Deadline deadline, bool* ended) {
  while (true) {
    std::array<pollfd, 3> polled = {pollfd{fd, events, 0}, pollfd{errors_.get(), POLLIN, 0},
                                    pollfd{child_.handle(), POLLIN, 0}};
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
    if (!input_.is_open() || ended) return Fail(PipeFailure::Closed);
    const ssize_t put = write(input_.get(), content.data(), content.size());
    if (put >= 0) {
      content = content.subspan(static_cast<size_t>(put));
    } else if (errno == EAGAIN) {
      if (!Await(input_.get(), POLLOUT, deadline, &ended)) return Fail(PipeFailure::Timeout);
    } else if (errno != EINTR) {
      return Fail(PipeFailure::Closed);
    }
  }
  return {};
}

ssize_t Subprocess::ReadSome(std::span<uint8_t> content) {
  constexpr size_t kAheadBytes = 64u << 10;
  if (ahead_at_ == ahead_end_) {
    if (content.size() >= kAheadBytes) return read(output_.get(), content.data(), content.size());
    ahead_.resize(kAheadBytes);
    const ssize_t got = read(output_.get(), ahead_.data(), ahead_.size());
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
    } else if (!Await(output_.get(), POLLIN, deadline, &ended)) {
      return Fail(PipeFailure::Timeout);
    }
  }
  return {};
}

bool Subprocess::AwaitOutput(Deadline deadline) {
  bool ended = false;
  return ahead_at_ != ahead_end_ || Await(output_.get(), POLLIN, deadline, &ended);
}

void Subprocess::CloseInput() { input_.Close(); }

std::optional<ExitStatus> Subprocess::Wait(Deadline deadline) {
  while (!child_.Ended()) {
    if (MillisecondsUntil(deadline) == 0) return std::nullopt;
    bool ended = false;
    // Without a handle, look again every few milliseconds.
    const Deadline soon = DeadlineIn(std::chrono::milliseconds(5));
    Await(-1, 0, child_.handle() >= 0 ? deadline : std::min(deadline, soon), &ended);
  }
  return Kill();
}

ExitStatus Subprocess::Kill() {
  child_.Kill();
  const ExitStatus status = child_.Reap();
  DrainErrors();
  return status;
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
