#include "base/cpu_time.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace slabhound {
namespace {

// Clock ticks of a process, if it is of the group (proc(5), stat).
long TicksOf(const std::filesystem::path& process, pid_t group) {
  std::ifstream file(process / "stat");
  std::string text;
  if (!std::getline(file, text, '\0')) return 0;  // it is gone
  // The name may hold anything; behind it come state, parent, group, …
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string state;
  long value = 0;
  fields >> state >> value >> value;
  if (value != group) return 0;
  constexpr int kBetween = 8;  // session to cmajflt
  for (int i = 0; i < kBetween; ++i) fields >> value;
  long ticks = 0;
  for (int i = 0; i < 4; ++i) {
    if (fields >> value) ticks += value;  // its own, and its children's, of user and system
  }
  return ticks;
}

}  // namespace

std::chrono::nanoseconds OwnCpuTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::optional<std::chrono::milliseconds> GroupCpuTime(pid_t group) {
  const long per_second = sysconf(_SC_CLK_TCK);
  std::error_code error;
  std::filesystem::directory_iterator processes("/proc", error);
  if (error || per_second <= 0) return std::nullopt;
  long ticks = 0;
  for (; processes != std::filesystem::directory_iterator(); processes.increment(error)) {
    const std::string name = processes->path().filename().string();
    if (std::isdigit(static_cast<unsigned char>(name.front())) == 0) continue;
    ticks += TicksOf(processes->path(), group);
  }
  return std::chrono::milliseconds(ticks * 1000 / per_second);
}

double FamilyCpuSeconds() {
  double seconds = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return seconds;
}

}  // namespace slabhound
