// SIGINT and SIGTERM as wishes to end: counted as long as this lives, the second ends the process
// at once. A write to a dead job is a failure, not a signal (SIGPIPE).
#pragma once

#include <csignal>

namespace slabhound::campaign {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  static bool Any();

 private:
  struct sigaction old_[3];
};

}  // namespace slabhound::campaign
