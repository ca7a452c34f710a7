// Child processes of this one, and orphans below it: descendants whose parents ended before them.
//
// 1. After the first ForkChild an orphan becomes a child of this process (of the nearest ancestor
//    that has called it), whatever session or process group it has moved to. Nothing that a child
//    starts can leave.
// 2. KillOrphans kills and reaps all children but those of ForkChild and those that were there
//    before its first call. It kills the orphans of all children, also of those that still run.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace slabhound {

struct ExitStatus {
  int code = 0;             // when it exited by itself
  int signal = 0;           // when a signal ended it, else 0
  uint64_t peak_bytes = 0;  // the most memory that it had at once
};

// As fork().
pid_t ForkChild();
// Waits for the end of a child of ForkChild; its number may then be anybody's.
ExitStatus ReapChild(pid_t pid);

void KillOrphans();

}  // namespace slabhound
