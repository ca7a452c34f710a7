// A child process that this one forks: how it starts, and how it ends.
//
// 1. It dies with the thread that forked it, writes no core, and has no signal blocked.
// 2. What it runs there ends with _exit: buffers and handlers of this process are not its business.
// 3. Its end is its own when it ended before it was killed.
// 4. The destructor kills and reaps it.
#pragma once

#include <unistd.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include "base/deadline.h"
#include "base/descriptor.h"
#include "base/orphans.h"
#include "base/result.h"

namespace slabhound {

struct ChildOptions {
  bool leads_group = false;     // and its group is killed with it
  bool starts_others = false;   // which are killed when it is reaped, wherever they went
  uint64_t data_bytes_max = 0;  // RLIMIT_DATA; 0: as this process has it
  int errors = -1;              // becomes its stderr
  std::span<const int> default_signals = {}, ignored_signals = {};  // all others: as here
};

class Child {
 public:
  // `life` runs in the child; its value is the exit code. The error is an errno.
  template <std::invocable Life>
  static Result<Child, int> Fork(const ChildOptions& options, const Life& life) {
    const pid_t pid = Start(options);
    if (pid == 0) _exit(life());
    if (pid < 0) return Fail(-pid);
    return Child(pid, options);
  }

  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child() { End(); }

  // Whether it has ended; it is there until it is reaped.
  bool Ended() const;
  // Reaps it when it ends before the deadline.
  std::optional<ExitStatus> Wait(Deadline deadline);
  void Kill();
  // Waits for its end, however long that takes.
  ExitStatus Reap();

  pid_t pid() const { return pid_; }
  // Readable once it has ended; -1 where the system has no such thing.
  int handle() const { return handle_.get(); }

 private:
  // As fork, but an error is the negative of errno.
  static pid_t Start(const ChildOptions& options);
  Child(pid_t pid, const ChildOptions& options);
  void End();

  pid_t pid_ = -1;
  bool leads_group_ = false, starts_others_ = false;
  Descriptor handle_;
  std::optional<ExitStatus> status_;
};

}  // namespace slabhound
