// Whether a worker's failure, or a divergence, happens again, and what it needs for that.
//
// 1. A failure that its request alone repeats in a fresh worker needs nothing else.
// 2. Else all that the failed worker had been sent before is sent again to a fresh one, exactly,
//    and then the request. If that repeats it, twice, and the request alone does not, five times,
//    the failure needs a history: earlier requests are dropped while it still happens (ddmin).
// 3. A failure that neither repeats is tried up to `tries_max` times, alone and behind its history
//    in turn: it happened `seen` of `tries` times.
// 4. Nothing but the first try begins after the time limit; what was found by then counts.
// 5. RecurByKind shares the time limit between all failures of a kind, so that a campaign does not
//    live on a bug that shows now and then: when it is used up, a failure is tried a few times
//    alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trace/recurrence.h"
#include "worker/process_engine.h"

namespace slabhound::worker {

struct RecurrenceLimits {
  uint32_t tries_max = 10;
  std::chrono::milliseconds time{12'000};
};

// Whether a run of the request shows the failure.
using Shows = std::function<bool(Result<WorkerRun, trace::Failure> run)>;

// `request` showed it in a worker that had been sent `history`.
trace::Recurrence Recur(ProcessEngine& engine, std::vector<trace::SentRun> history,
                        const trace::SentRun& request, const Shows& shows,
                        const RecurrenceLimits& limits);

// `spent` is what failures of this kind took so far; this one's time is added.
trace::Recurrence RecurByKind(std::chrono::steady_clock::duration& spent, ProcessEngine& engine,
                              std::vector<trace::SentRun> history, const trace::SentRun& request,
                              const Shows& shows, RecurrenceLimits limits);

// Starts a fresh worker and sends it the history. False: an earlier request failed already, or the
// deadline passed.
bool Replay(ProcessEngine& engine, std::span<const trace::SentRun> history, Deadline deadline);

}  // namespace slabhound::worker
