#include "base/child.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace slabhound {
namespace {

// In the child, maybe of a process with threads: system calls only.
void Begin(const ChildOptions& options, pid_t parent) {
  if (options.leads_group) setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  for (const int number : options.default_signals) std::signal(number, SIG_DFL);
  for (const int number : options.ignored_signals) std::signal(number, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (options.data_bytes_max != 0) {
    const rlimit limit = {options.data_bytes_max, options.data_bytes_max};
    setrlimit(RLIMIT_DATA, &limit);
  }
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (options.errors >= 0) dup2(options.errors, STDERR_FILENO);
}

}  // namespace

pid_t Child::Start(const ChildOptions& options) {
  const pid_t parent = getpid();
  const pid_t pid = ForkChild();
  if (pid < 0) return -errno;
  if (pid == 0) Begin(options, parent);
  return pid;
}

Child::Child(pid_t pid, const ChildOptions& options)
    : pid_(pid),
      leads_group_(options.leads_group),
      starts_others_(options.starts_others),
      handle_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {
  if (leads_group_) setpgid(pid, pid);  // whoever comes first
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      leads_group_(other.leads_group_),
      starts_others_(other.starts_others_),
      handle_(std::move(other.handle_)),
      status_(other.status_) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this == &other) return *this;
  End();
  pid_ = std::exchange(other.pid_, -1);
  leads_group_ = other.leads_group_;
  starts_others_ = other.starts_others_;
  handle_ = std::move(other.handle_);
  status_ = other.status_;
  return *this;
}

bool Child::Ended() const {
  if (status_) return true;
  siginfo_t info = {};
  waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid == pid_;
}

std::optional<ExitStatus> Child::Wait(Deadline deadline) {
  while (!Ended()) {
    const int left = MillisecondsUntil(deadline);
    if (left == 0) return std::nullopt;
    pollfd polled = {handle_.get(), POLLIN, 0};
    // Without a handle, look again every few milliseconds.
    poll(&polled, 1, handle_.is_open() ? left : std::min(left, 5));
  }
  return Reap();
}

void Child::Kill() {
  if (!status_) kill(leads_group_ ? -pid_ : pid_, SIGKILL);
}

ExitStatus Child::Reap() {
  if (status_) return *status_;
  if (leads_group_) {
    // The group is killed before the child is reaped: until then nobody else can have its number.
    siginfo_t info = {};
    while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    Kill();
  }
  status_ = ReapChild(pid_);
  if (starts_others_) KillOrphans();
  return *status_;
}

void Child::End() {
  if (pid_ <= 0) return;
  Kill();
  Reap();
  pid_ = -1;
}

}  // namespace slabhound
