// CPU time: of this process, and of a process group, dead members of it that were waited for
// included. What has left the group is not seen.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>

namespace slabhound {

std::chrono::nanoseconds OwnCpuTime();

// Nothing where the system does not tell. It looks at every process: some tenths of a millisecond.
std::optional<std::chrono::milliseconds> GroupCpuTime(pid_t group);

// Seconds of this process and of all that have ended below it.
double FamilyCpuSeconds();

}  // namespace slabhound
