#include "base/orphans.h"

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

namespace slabhound {
namespace {

struct Children {
  std::mutex mutex;
  bool adopting = false;
  std::vector<pid_t> own;
};
// Lives as long as the process: children are forgotten by destructors of other statics too.
Children& Known() {
  static Children& children = *new Children;
  return children;
}

// The children of all threads.
std::vector<pid_t> ChildrenOfThisProcess() {
  std::vector<pid_t> children;
  DIR* threads = opendir("/proc/self/task");
  if (threads == nullptr) return children;
  while (const dirent* thread = readdir(threads)) {
    if (thread->d_name[0] == '.') continue;
    const std::string path = std::string("/proc/self/task/") + thread->d_name + "/children";
    std::FILE* file = std::fopen(path.c_str(), "re");
    if (file == nullptr) continue;
    for (int pid = 0; std::fscanf(file, "%d", &pid) == 1;) children.push_back(pid);
    std::fclose(file);
  }
  closedir(threads);
  return children;
}

}  // namespace

pid_t ForkChild() {
  Children& known = Known();
  const std::lock_guard lock(known.mutex);
  if (!known.adopting) {
    known.adopting = true;
    known.own = ChildrenOfThisProcess();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  const pid_t pid = fork();
  if (pid > 0) known.own.push_back(pid);
  if (pid == 0) {
    // None of them is a child of the new process, which adopts nothing until it forks.
    known.adopting = false;
    known.own.clear();
  }
  return pid;
}

ExitStatus ReapChild(pid_t pid) {
  int status = 0;
  rusage usage = {};
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  Children& known = Known();
  const std::lock_guard lock(known.mutex);
  std::erase(known.own, pid);
  ExitStatus end;
  end.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.code = WEXITSTATUS(status);
  }
  return end;
}

void KillOrphans() {
  Children& known = Known();
  const std::lock_guard lock(known.mutex);
  if (!known.adopting) return;
  // Each death may bring new orphans, and some may be quick: until none is left, but not for ever.
  // The list may miss a child while another one ends (proc(5)): none in two rounds is none.
  constexpr int kRoundsMax = 500;
  int quiet = 0;
  for (int round = 0; round < kRoundsMax; ++round) {
    bool found = false;
    for (const pid_t pid : ChildrenOfThisProcess()) {
      if (std::ranges::find(known.own, pid) != known.own.end()) continue;
      if (kill(pid, SIGKILL) != 0) continue;
      waitpid(pid, nullptr, WNOHANG);
      found = true;
    }
    quiet = found ? 0 : quiet + 1;
    if (quiet == 2) return;
    usleep(1'000);
  }
}

}  // namespace slabhound
