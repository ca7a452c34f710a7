#include "worker/recurrence.h"

#include <algorithm>
#include <utility>

namespace slabhound::worker {
namespace {

using trace::SentRun;
using Clock = std::chrono::steady_clock;
using Sequence = std::vector<const SentRun*>;  // requests before the one that fails

constexpr uint32_t kAlone = 5;  // so often what needs a history must not happen alone

enum class Try : uint8_t { Seen, Missed, NoTime };

class Trials {
 public:
  Trials(ProcessEngine& engine, const SentRun& request, const Shows& shows, Deadline deadline)
      : engine_(engine), request_(request), shows_(shows), deadline_(deadline) {}

  // Whether the failure happens in a fresh worker behind these requests.
  Try Attempt(const Sequence& before) {
    engine_.Stop();
    for (const SentRun* sent : before) {
      if (Clock::now() >= deadline_) return Try::NoTime;
      if (!engine_.Run(sent->module, sent->request)) return Try::Missed;
    }
    if (!before.empty() && Clock::now() >= deadline_) return Try::NoTime;
    return shows_(engine_.Run(request_.module, request_.request)) ? Try::Seen : Try::Missed;
  }

  // An attempt that counts for n of m.
  bool Counted(const Sequence& before) {
    const Try result = Attempt(before);
    if (result != Try::NoTime) ++tries_;
    if (result == Try::Seen) ++seen_;
    return result == Try::Seen;
  }

  bool out_of_time() const { return Clock::now() >= deadline_; }
  uint32_t seen() const { return seen_; }
  uint32_t tries() const { return tries_; }
  void CountAnew() { seen_ = tries_ = 0; }

 private:
  ProcessEngine& engine_;
  const SentRun& request_;
  const Shows& shows_;
  Deadline deadline_;
  uint32_t seen_ = 0, tries_ = 0;
};

// Drops what the failure does not need, in ever smaller pieces; true: nothing more can be dropped.
bool Reduce(Trials& trials, Sequence& sequence) {
  size_t pieces = 2;
  while (sequence.size() > 1) {
    pieces = std::min(pieces, sequence.size());
    bool dropped = false;
    for (size_t i = 0; i < pieces && !dropped; ++i) {
      const size_t first = sequence.size() * i / pieces, end = sequence.size() * (i + 1) / pieces;
      Sequence without = sequence;
      without.erase(without.begin() + static_cast<ptrdiff_t>(first),
                    without.begin() + static_cast<ptrdiff_t>(end));
      const Try result = trials.Attempt(without);
      if (result == Try::NoTime) return false;
      dropped = result == Try::Seen;
      if (dropped) sequence = std::move(without);
    }
    if (!dropped && pieces == sequence.size()) return true;
    pieces = dropped ? std::max<size_t>(2, pieces - 1) : pieces * 2;
  }
  return true;  // alone it does not happen
}

}  // namespace

trace::Recurrence Recur(ProcessEngine& engine, std::vector<SentRun> history, const SentRun& request,
                        const Shows& shows, const RecurrenceLimits& limits) {
  Trials trials(engine, request, shows, DeadlineIn(limits.time));
  if (trials.Counted({})) return {1, 1};
  Sequence sequence;
  for (const SentRun& sent : history) sequence.push_back(&sent);
  bool needs_history = false;
  if (!sequence.empty() && trials.Counted(sequence)) {
    needs_history = true;
    for (uint32_t i = 1; needs_history && i < kAlone; ++i) needs_history = !trials.Counted({});
    needs_history = needs_history && trials.Counted(sequence);
  }
  if (!needs_history) {
    for (bool alone = true; trials.tries() < limits.tries_max && !trials.out_of_time();
         alone = !alone) {
      trials.Counted(alone ? Sequence() : sequence);
    }
    engine.Stop();
    // Running out of time before the first try says nothing.
    return {trials.seen(), std::max(trials.tries(), 1u)};
  }
  trace::Recurrence found{trials.seen(), trials.seen()};
  found.reduced = Reduce(trials, sequence);
  // How reliable what is left is.
  trials.CountAnew();
  constexpr uint32_t kChecks = 3;
  while (trials.tries() < kChecks && !trials.out_of_time()) trials.Counted(sequence);
  if (trials.tries() != 0) found.seen = trials.seen(), found.tries = trials.tries();
  for (const SentRun* sent : sequence) {
    found.history.push_back(*sent);
    found.history.back().request.id = found.history.size();
  }
  engine.Stop();
  return found;
}

trace::Recurrence RecurByKind(Clock::duration& used, ProcessEngine& engine,
                              std::vector<SentRun> history, const SentRun& request,
                              const Shows& shows, RecurrenceLimits limits) {
  constexpr uint32_t kTriesLeast = 4;
  // Less than this shows nothing of a long history.
  if (used > limits.time / 4 * 3) {
    history.clear();
    limits.tries_max = std::min(limits.tries_max, kTriesLeast);
  } else {
    limits.time -= std::chrono::ceil<std::chrono::milliseconds>(used);
  }
  const Clock::time_point begin = Clock::now();
  trace::Recurrence found = Recur(engine, std::move(history), request, shows, limits);
  if (!found.happens_alone()) used += Clock::now() - begin;
  return found;
}

bool Replay(ProcessEngine& engine, std::span<const SentRun> history, Deadline deadline) {
  engine.Stop();
  return std::ranges::all_of(history, [&](const SentRun& sent) {
    return Clock::now() < deadline && engine.Run(sent.module, sent.request).has_value();
  });
}

}  // namespace slabhound::worker
