// Work in a child process, for what may crash or hang the process that does it.
//
// 1. The child says in a note, in pages that both share, what it is at before it begins: whatever
//    ends it, that is there.
// 2. Only what the note was told has a time limit, and that is the child's own: it dies of it. What
//    waits for others has bounds of its own.
// 3. SIGINT is the child's business: it is passed on.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/orphans.h"
#include "base/result.h"

namespace slabhound {

class GuardNote {
 public:
  // Of CPU time of this process, and by the clock.
  struct Time {
    std::chrono::milliseconds cpu, wall;
  };

  // For the child. What is too long is cut.
  void Begin(std::string_view what, const Time& time);
  void Step(uint32_t step) { step_.store(step, std::memory_order_release); }
  void End();

  // For whoever buries it: empty when it was at nothing.
  std::string what() const;
  uint32_t step() const { return step_.load(std::memory_order_acquire); }

 private:
  std::atomic<uint32_t> size_, step_;
  char what_[1024];
};

struct GuardNoteUnmap {
  void operator()(GuardNote* note) const;
};
using SharedGuardNote = std::unique_ptr<GuardNote, GuardNoteUnmap>;
// Null when the system has no pages.
SharedGuardNote MapGuardNote();

struct GuardOptions {
  uint64_t data_bytes_max = 0;  // RLIMIT_DATA, on top of what this process has; 0: none
  bool starts_others = false;   // as in ChildOptions
  bool shows_errors = false;    // what it writes to stderr is written here too
};

struct GuardEnd {
  ExitStatus status;
  bool hangs = false;  // a time limit of the note's ended it
  std::string errors;  // the end of what it wrote to stderr
  bool died() const { return status.signal != 0; }
};

// The value of `life` is the child's exit code. The error is an errno: there is no child.
Result<GuardEnd, int> RunGuarded(const GuardOptions& options, const std::function<int()>& life);

}  // namespace slabhound
