#include "upkeep/memory.h"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>

namespace slabhound::upkeep {
namespace {

struct Process {
  pid_t parent = 0;
  uint64_t bytes = 0;
};

// The numbers of a file in /proc, from that field on.
template <typename... Numbers>
bool Scan(pid_t pid, const char* file, const char* format, Numbers*... numbers) {
  const auto path = fmt::format("/proc/{}/{}", pid, file);
  std::FILE* stream = std::fopen(path.c_str(), "re");
  if (stream == nullptr) return false;
  const int count = std::fscanf(stream, format, numbers...);
  std::fclose(stream);
  return count == static_cast<int>(sizeof...(numbers));
}

std::map<pid_t, Process> Processes() {
  std::map<pid_t, Process> processes;
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return processes;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  while (const dirent* entry = readdir(folder)) {
    const auto pid = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
    if (pid <= 0) continue;
    int parent = 0;
    unsigned long resident = 0, shared = 0;
    // A name may hold anything but has 15 characters at most; the last ')' ends it.
    if (!Scan(pid, "statm", "%*u %lu %lu", &resident, &shared)) continue;
    if (!Scan(pid, "status",
              "%*[^\n]\nUmask:%*[^\n]\nState:%*[^\n]\nTgid:%*[^\n]\nNgid:%*[^\n]\n"
              "Pid:%*[^\n]\nPPid: %d",
              &parent)) {
      continue;
    }
    processes[pid] = {parent, uint64_t{resident - std::min(resident, shared)} * page};
  }
  closedir(folder);
  return processes;
}

}  // namespace

std::vector<uint64_t> BytesOfTrees(std::span<const pid_t> roots) {
  const auto processes = Processes();
  std::vector<uint64_t> bytes(roots.size());
  for (const auto& [pid, process] : processes) {
    // A parent may end and its number be given away meanwhile: no more steps than processes.
    pid_t at = pid;
    for (size_t steps = 0; steps < processes.size(); ++steps) {
      const auto root = std::ranges::find(roots, at);
      if (root != roots.end()) {
        bytes[static_cast<size_t>(root - roots.begin())] += process.bytes;
        break;
      }
      const auto found = processes.find(at);
      if (found == processes.end()) break;
      at = found->second.parent;
    }
  }
  return bytes;
}

std::optional<size_t> MemoryBudget::Look(double seconds, std::span<const uint64_t> bytes) {
  const uint64_t all = std::accumulate(bytes.begin(), bytes.end(), uint64_t{0});
  if (all <= bytes_max_) {
    if (jobs_ < jobs_max_ && seconds - over_at_ > kCalmSeconds) {
      ++jobs_;
      over_at_ = seconds;
    }
    return std::nullopt;
  }
  over_at_ = seconds;
  if (restarted_at_) {
    const double since = seconds - *restarted_at_;
    if (since < kRestartSeconds) return std::nullopt;
    if (since < kHelpsSeconds) {
      hopeless_ = jobs_ == 1;
      jobs_ = std::max<size_t>(jobs_ - 1, 1);
    }
  }
  restarted_at_ = seconds;
  return static_cast<size_t>(std::ranges::max_element(bytes) - bytes.begin());
}

}  // namespace slabhound::upkeep
