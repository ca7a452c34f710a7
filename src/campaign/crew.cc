#include "campaign/crew.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

// The supervisor has something to do ten times a second.
constexpr double kStillSeconds = 1;

double Seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

Crew::Crew(const CaseRun& run, size_t seats, const CrewLimits& limits)
    : run_(run), limits_(limits), seats_(seats), waited_at_(Clock::now()) {}

Result<void, std::string> Crew::Send(Seat& seat, const Order& order) {
  if (!seat.job) TRY(Start(seat));
  seat.beat_at = seat.ordered_at = Clock::now();
  seat.beat_cpu_ns = seat.job->cpu_ns();
  seat.job->Send(order);  // a failure is an end that is heard of
  return {};
}

Result<void, std::string> Crew::Start(Seat& seat) {
  std::vector<int> foreign;
  for (const Seat& other : seats_) {
    if (!other.job) continue;
    for (const int fd : other.job->descriptors()) {
      if (fd >= 0) foreign.push_back(fd);
    }
  }
  auto job = Job::Start(run_, limits_.minimize_seconds_max, foreign);
  if (!job) return Fail(std::move(job.error()));
  seat.job = *std::move(job);
  ++jobs_started_;
  seat.cases = 0;
  seat.sentence.clear();
  seat.beats = 0;
  return {};
}

bool Crew::IsWorn(const Seat& seat) const {
  return seat.job && (seat.cases >= limits_.job_cases_max ||
                      seat.job->resident_bytes() >= limits_.job_bytes_soft);
}

void Crew::Close(Seat& seat) {
  if (!seat.job) return;
  seat.job->CloseOrders();
  seat.closing = true;
}

void Crew::Distrust(Seat& seat) {
  if (seat.sentence.empty()) seat.sentence = "garbage";
  seat.job->Kill();
}

void Crew::Wait() {
  std::vector<pollfd> fds;
  for (const Seat& seat : seats_) {
    if (seat.job) fds.push_back({seat.job->reports_fd(), POLLIN, 0});
  }
  poll(fds.data(), fds.size(), 100);
  const auto now = Clock::now();
  const auto since = std::exchange(waited_at_, now);
  if (Seconds(now - since) < std::min(kStillSeconds, limits_.case_wall_seconds_max / 2)) return;
  for (Seat& seat : seats_) seat.beat_at = now;
}

void Crew::Watch(Seat& seat) {
  if (seat.idle() || !seat.sentence.empty()) return;
  const uint64_t beats = seat.job->flight().beats();
  const auto now = Clock::now();
  if (beats != seat.beats) {
    seat.beats = beats;
    seat.beat_at = now;
    seat.beat_cpu_ns = seat.job->cpu_ns();
  }
  if (Seconds(now - seat.watched_at) < 0.5) return;
  seat.watched_at = now;
  const double cpu = static_cast<double>(seat.job->cpu_ns() - seat.beat_cpu_ns) / 1e9;
  if (cpu > limits_.case_cpu_seconds_max ||
      Seconds(now - seat.beat_at) > limits_.case_wall_seconds_max) {
    seat.sentence = "hang";
  } else if (seat.job->resident_bytes() > limits_.job_bytes_max) {
    seat.sentence = "memory";
  }
  if (!seat.sentence.empty()) seat.job->Kill();
}

std::pair<Job, ExitStatus> Crew::Reap(Seat& seat) {
  const ExitStatus end = seat.job->Reap();
  Job job = *std::exchange(seat.job, std::nullopt);
  workers_started_ += job.flight().workers_started();
  seat.closing = false;
  return {std::move(job), end};
}

uint64_t Crew::workers_started() const {
  uint64_t started = workers_started_;
  for (const Seat& seat : seats_) {
    if (seat.job) started += seat.job->flight().workers_started();
  }
  return started;
}

}  // namespace slabhound::campaign
