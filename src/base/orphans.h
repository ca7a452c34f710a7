// Child processes of this one, and orphans below it: descendants whose parents ended before them.
//
// 1. After the first ForkChild an orphan becomes a child of this process (of the nearest ancestor
//    that has called it), whatever session or process group it has moved to. Nothing that a child
//    starts can leave.
// 2. KillOrphans kills and reaps all children but those of ForkChild and those that were there
//    before its first call. It kills the orphans of all children, also of those that still run.
#pragma once

#include <sys/types.h>

namespace slabhound {

// As fork().
pid_t ForkChild();
// The child has been reaped: its number may now be anybody's.
void ForgetChild(pid_t pid);

void KillOrphans();

}  // namespace slabhound
