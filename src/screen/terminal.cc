#include "screen/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace slabhound::screen {
namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[m\x1b[?25h\x1b[?1049l";
// Terminals that know these show a frame at once; others pass them by.
constexpr std::string_view kFrameBegin = "\x1b[?2026h\x1b[H", kFrameEnd = "\x1b[J\x1b[?2026l";
constexpr size_t kErrorBytesMax = 16u << 10;

volatile sig_atomic_t g_tty = -1;
volatile sig_atomic_t g_owner = 0;  // jobs inherit the handler, and have no screen

extern "C" void OnStop(int) {
  const int error = errno;
  const bool is_owner = getpid() == g_owner;
  if (is_owner && write(g_tty, kLeave.data(), kLeave.size()) < 0) errno = 0;
  raise(SIGSTOP);
  if (is_owner && write(g_tty, kEnter.data(), kEnter.size()) < 0) errno = 0;
  errno = error;
}

void Restore(int tty, int errors) {
  const std::string said = TailOfMemoryFile(errors, kErrorBytesMax);
  WriteAll(tty, AsBytes(std::string(kLeave)));
  if (!said.empty()) WriteAll(tty, AsBytes(said));
}

// The child's whole life: it waits for its parent's end.
int Guard(pid_t parent, int tty, int errors, int ready) {
  sigset_t hangup;
  sigemptyset(&hangup);
  sigaddset(&hangup, SIGHUP);
  sigprocmask(SIG_BLOCK, &hangup, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGHUP);
  WriteAll(ready, Bytes(1));
  int number = 0;
  while (getppid() == parent) sigwait(&hangup, &number);
  Restore(tty, errors);
  return 0;
}

}  // namespace

bool IsLive() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && term != nullptr && *term != '\0' &&
         std::string_view(term) != "dumb";
}

bool WantsColour() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

std::unique_ptr<Terminal> Terminal::Open() {
  if (!IsLive()) return nullptr;
  CHECK(g_tty < 0);
  std::unique_ptr<Terminal> terminal(new Terminal);
  terminal->left_ = true;  // until it is entered
  terminal->colour_ = WantsColour();
  // Opened anew: not to wait is then nobody else's affair.
  terminal->tty_ =
      Descriptor(open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  terminal->before_ = Descriptor(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
  terminal->errors_ = OpenMemoryFile("stderr");
  if (!terminal->tty_.is_open() || !terminal->before_.is_open() || !terminal->errors_.is_open()) {
    return nullptr;
  }
  std::fflush(nullptr);
  constexpr std::array kIgnored = {SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGTTOU};
  const pid_t parent = getpid();
  Pipe ready;
  if (!ready.Open()) return nullptr;
  auto guardian = Child::Fork({.leads_group = true, .ignored_signals = kIgnored}, [&] {
    return Guard(parent, terminal->before_.get(), terminal->errors_.get(), ready.write_end.get());
  });
  if (!guardian) return nullptr;
  ready.write_end.Close();
  Bytes byte(1);
  if (!ReadAll(ready.read_end.get(), byte)) return nullptr;
  terminal->guardian_ = *std::move(guardian);
  dup2(terminal->errors_.get(), STDERR_FILENO);
  g_tty = terminal->tty_.get();
  g_owner = parent;
  struct sigaction stop{};
  stop.sa_handler = OnStop;
  stop.sa_flags = SA_RESTART;
  sigaction(SIGTSTP, &stop, nullptr);
  terminal->left_ = false;
  terminal->to_write_ = kEnter;
  terminal->Write(/*wait=*/false);
  return terminal;
}

Size Terminal::size() const {
  winsize window{};
  if (ioctl(tty_.get(), TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) {
    return {};
  }
  return {window.ws_col, window.ws_row};
}

void Terminal::Write(bool wait) {
  while (!to_write_.empty()) {
    const ssize_t count = write(tty_.get(), to_write_.data(), to_write_.size());
    if (count > 0) {
      to_write_.erase(0, static_cast<size_t>(count));
    } else if (errno == EAGAIN && wait) {
      constexpr int kMilliseconds = 1000;
      pollfd ready = {tty_.get(), POLLOUT, 0};
      if (poll(&ready, 1, kMilliseconds) <= 0) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

void Terminal::Draw(const std::vector<Line>& picture) {
  Write(/*wait=*/false);
  if (left_ || !to_write_.empty()) return;
  to_write_ = kFrameBegin;
  for (size_t i = 0; i < picture.size(); ++i) {
    if (i > 0) to_write_ += "\r\n";
    to_write_ += StyledText(picture[i], colour_) + "\x1b[K";
  }
  to_write_ += kFrameEnd;
  Write(/*wait=*/false);
}

void Terminal::Leave() {
  if (left_) return;
  left_ = true;
  std::signal(SIGTSTP, SIG_DFL);
  std::fflush(nullptr);
  dup2(before_.get(), STDERR_FILENO);
  to_write_ += kLeave;
  to_write_ += TailOfMemoryFile(errors_.get(), kErrorBytesMax);
  Write(/*wait=*/true);
  g_tty = -1;
  guardian_ = Child();
}

}  // namespace slabhound::screen
