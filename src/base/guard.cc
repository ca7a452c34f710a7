#include "base/guard.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "base/bytes.h"
#include "base/child.h"
#include "base/descriptor.h"

namespace slabhound {
namespace {

constexpr size_t kErrorBytesMax = 4096;

void SetTimer(__itimer_which which, std::chrono::milliseconds time) {
  itimerval timer{};
  timer.it_value.tv_sec = time.count() / 1000;
  timer.it_value.tv_usec = time.count() % 1000 * 1000;
  setitimer(which, &timer, nullptr);
}

// What this process has reserved already; a sanitizer has reserved terabytes.
uint64_t DataBytes() {
  unsigned long pages = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  const int got = std::fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages);
  std::fclose(file);
  return got == 1 ? uint64_t{pages} * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

volatile std::sig_atomic_t guarded_child = 0;

// While a child is guarded, its SIGINT is passed on to it.
class PassInterrupts {
 public:
  explicit PassInterrupts(pid_t child) {
    guarded_child = child;
    struct sigaction action{};
    action.sa_handler = [](int number) { kill(guarded_child, number); };
    sigaction(SIGINT, &action, &before_);
  }
  PassInterrupts(const PassInterrupts&) = delete;
  PassInterrupts& operator=(const PassInterrupts&) = delete;
  ~PassInterrupts() { sigaction(SIGINT, &before_, nullptr); }

 private:
  struct sigaction before_{};
};

// The child's stderr: passed on if that is wanted, and its end kept.
class Errors {
 public:
  Errors(Descriptor pipe, bool shows) : pipe_(std::move(pipe)), shows_(shows) {
    fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
  }

  int fd() const { return pipe_.get(); }

  // What has arrived.
  void Drain() {
    std::array<uint8_t, 16384> buffer;
    while (pipe_.is_open()) {
      const ssize_t count = read(pipe_.get(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) return pipe_.Close();
      const ByteSpan bytes(buffer.data(), static_cast<size_t>(count));
      if (shows_) WriteAll(STDERR_FILENO, bytes);
      tail_ += AsText(bytes);
      if (tail_.size() > kErrorBytesMax) tail_.erase(0, tail_.size() - kErrorBytesMax);
    }
  }

  std::string Take() { return std::move(tail_); }

 private:
  Descriptor pipe_;
  bool shows_;
  std::string tail_;
};

}  // namespace

void GuardNote::Begin(std::string_view what, const Time& time) {
  what = what.substr(0, sizeof what_);
  std::ranges::copy(what, what_);
  Step(0);
  size_.store(static_cast<uint32_t>(what.size()), std::memory_order_release);
  SetTimer(ITIMER_PROF, time.cpu);
  SetTimer(ITIMER_REAL, time.wall);
}

void GuardNote::End() {
  SetTimer(ITIMER_PROF, {});
  SetTimer(ITIMER_REAL, {});
  size_.store(0, std::memory_order_release);
}

std::string GuardNote::what() const {
  return {what_, std::min<size_t>(size_.load(std::memory_order_acquire), sizeof what_)};
}

void GuardNoteUnmap::operator()(GuardNote* note) const { munmap(note, sizeof(GuardNote)); }

SharedGuardNote MapGuardNote() {
  // Anonymous pages are zero, which is a note of nothing.
  void* pages =
      mmap(nullptr, sizeof(GuardNote), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return SharedGuardNote(pages == MAP_FAILED ? nullptr : static_cast<GuardNote*>(pages));
}

Result<GuardEnd, int> RunGuarded(const GuardOptions& options, const std::function<int()>& life) {
  Pipe pipe;
  if (!pipe.Open()) return Fail(errno);
  std::fflush(nullptr);
  constexpr std::array kDefault = {SIGPROF, SIGALRM};
  auto child = Child::Fork(
      {.starts_others = options.starts_others,
       .data_bytes_max = options.data_bytes_max == 0 ? 0 : DataBytes() + options.data_bytes_max,
       .errors = pipe.write_end.get(),
       .default_signals = kDefault},
      life);
  if (!child) return Fail(child.error());
  const PassInterrupts passed(child->pid());
  pipe.write_end.Close();
  Errors errors(std::move(pipe.read_end), options.shows_errors);
  while (!child->Ended()) {
    std::array<pollfd, 2> polled = {{{child->handle(), POLLIN, 0}, {errors.fd(), POLLIN, 0}}};
    // Without a handle, look again now and then.
    poll(polled.data(), polled.size(), child->handle() >= 0 ? -1 : 50);
    errors.Drain();
  }
  errors.Drain();
  GuardEnd end{.status = child->Reap(), .errors = errors.Take()};
  end.hangs = end.status.signal == SIGPROF || end.status.signal == SIGALRM;
  return end;
}

}  // namespace slabhound
