#include "bench/processes.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <list>
#include <thread>
#include <utility>

#include "base/child.h"
#include "campaign/interrupts.h"

namespace slabhound::bench {
namespace {

Result<void, std::string> Start(const Task& task, std::list<Child>& running) {
  std::fflush(nullptr);
  constexpr int kIgnored[] = {SIGINT, SIGTERM};
  auto child = Child::Fork({.leads_group = true, .ignored_signals = kIgnored},
                           [&task] { return task() ? 0 : 1; });
  if (!child) return Fail(fmt::format("no process for a trial: {}", std::strerror(child.error())));
  running.push_back(*std::move(child));
  return {};
}

// Until one has ended, or an interrupt came.
Result<void, std::string> AwaitOne(std::list<Child>& running) {
  while (!campaign::Interrupts::Any()) {
    const auto ended = std::ranges::find_if(running, &Child::Ended);
    if (ended == running.end()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    const ExitStatus end = ended->Reap();
    running.erase(ended);
    if (end.code != 0) return Fail(std::string("a trial could not write what it found"));
    if (end.signal != 0) {
      return Fail(
          fmt::format("a trial was killed by SIG{}: is memory short? The same command goes on",
                      sigabbrev_np(end.signal)));
    }
    return {};
  }
  return {};
}

}  // namespace

Result<bool, std::string> RunTasks(std::span<const Task> tasks, unsigned at_a_time) {
  const campaign::Interrupts interrupts;
  std::list<Child> running;  // killed where this ends before them
  for (const Task& task : tasks) {
    while (running.size() >= at_a_time && !campaign::Interrupts::Any()) TRY(AwaitOne(running));
    if (campaign::Interrupts::Any()) break;
    TRY(Start(task, running));
  }
  while (!running.empty() && !campaign::Interrupts::Any()) TRY(AwaitOne(running));
  return campaign::Interrupts::Any();
}

}  // namespace slabhound::bench
