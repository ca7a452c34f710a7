#include "minimizer/reduction.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "minimizer/reducer.h"
#include "valid/valid_module.h"
#include "wasm/encode.h"

namespace slabhound::minimizer {
namespace {

uint64_t HashOf(ByteSpan module, const testcase::Plan& plan) {
  uint64_t hash = HashCombine(HashBytes(module), plan.seed);
  for (const testcase::Call& call : plan.calls) {
    hash = HashCombine(hash, HashBytes(AsBytes(call.export_name)));
    hash = HashCombine(hash, call.arguments.size());
    for (const uint64_t argument : call.arguments) hash = HashCombine(hash, argument);
  }
  return hash;
}

}  // namespace

Reduction::Reduction(testcase::TestCase input, const Predicate& predicate, const Options& options)
    : current_(std::move(input)),
      predicate_(predicate),
      options_(options),
      weight_(WeightOf(current_, wasm::Encode(current_.module).size())) {}

bool Reduction::Stopped() {
  if (options_.progress) {
    options_.progress(
        {weight_.bytes, counts_, accounts_[account_].reducer, place_, AllReducers().size()});
  }
  stopped_ = stopped_ || counts_.candidates >= options_.candidates_max ||
             (options_.stop && options_.stop());
  return stopped_;
}

std::shared_ptr<const rewrite::View> Reduction::View() {
  if (!view_) view_ = std::make_shared<const rewrite::View>(rewrite::MakeView(module()));
  return view_;
}

void Reduction::StartRound(const Round& round) {
  ++counts_.rounds;
  // Pieces of another size are other changes.
  if (round.bytes_min != round_.bytes_min) failures_.clear();
  round_ = round;
}

void Reduction::StartReducer(std::string_view name, size_t place) {
  place_ = place;
  const auto found = std::ranges::find(accounts_, name, &Account::reducer);
  account_ = static_cast<size_t>(found - accounts_.begin());
  if (found == accounts_.end()) accounts_.push_back({.reducer = name, .counts = {}});
  kind_ = 0;
}

bool Reduction::StartKind() {
  return failures_[{account_, ++kind_}] < round_.failures_max && !Stopped();
}

bool Reduction::Skips(uint64_t change) const {
  return round_.skips_failed && failed_.contains({account_, kind_, change});
}

bool Reduction::Try(testcase::TestCase candidate) {
  return TryEach({.count = 1, .at = [&candidate](size_t) { return std::move(candidate); }});
}

bool Reduction::TryEach(const Proposals& proposals) {
  constexpr auto kLook = std::chrono::milliseconds(10);
  bool any = false;
  size_t next = 0;
  uint32_t& failures = failures_[{account_, kind_}];
  while (!Stopped() && failures < round_.failures_max) {
    const bool waits = !asked_.empty() && !asked_.front().answer.IsThere();
    if (next < proposals.count && (asked_.empty() || (waits && HasRoom()))) {
      Ask(proposals, next++);
      continue;
    }
    if (asked_.empty()) break;
    const auto outcome = asked_.front().answer.Wait(DeadlineIn(kLook));
    if (!outcome) continue;
    Asked first = std::move(asked_.front());
    asked_.pop_front();
    Count({.proposed = first.proposed, .invalid = first.invalid});
    if (*outcome == Outcome::GivenUp) continue;
    Count(*outcome);
    if (*outcome != Outcome::Interesting) {
      ++failures;
      const auto change = proposals.change ? proposals.change(first.place) : std::nullopt;
      if (change) failed_.emplace(account_, kind_, *change);
      continue;
    }
    any = true;
    failures = 0;
    next = first.place + 1;
    Accept(std::move(first));
    if (proposals.accepted) proposals.accepted(next - 1);
  }
  Count({.proposed = std::exchange(proposed_, 0), .invalid = std::exchange(invalid_, 0)});
  GiveUp();
  return any;
}

bool Reduction::HasRoom() {
  if (counts_.candidates + asked_.size() >= options_.candidates_max) return false;
  // Those that have their answer wait for the first, but not without end.
  constexpr size_t kAskedPerJob = 4;
  if (asked_.size() >= kAskedPerJob * options_.jobs) return false;
  const auto open = std::ranges::count_if(asked_, [](Asked& a) { return !a.answer.IsThere(); });
  return std::cmp_less(open, options_.jobs);
}

void Reduction::Ask(const Proposals& proposals, size_t place) {
  std::optional<testcase::TestCase> candidate = proposals.at(place);
  if (!candidate) return;
  ++proposed_;
  const Bytes bytes = wasm::Encode(candidate->module);
  const Weight weight = WeightOf(*candidate, bytes.size());
  const uint64_t hash = HashOf(bytes, candidate->plan);
  if (weight >= weight_ || !seen_.insert(hash).second || Stopped()) return;
  wasm::TypeStore types;
  // Not the owner: the candidate outlives this call.
  const std::shared_ptr<const wasm::Module> module(std::shared_ptr<void>(), &candidate->module);
  if (!valid::Validate(module, types)) {
    ++invalid_;
    return;
  }
  Answer answer = predicate_(*candidate);
  asked_.push_back({place, *std::move(candidate), weight, hash, std::exchange(proposed_, 0),
                    std::exchange(invalid_, 0), std::move(answer)});
}

void Reduction::Count(const Counts& counts) {
  counts_ += counts;
  accounts_[account_].counts += counts;
}

void Reduction::Count(Outcome outcome) {
  Count({.candidates = 1,
         .accepted = outcome == Outcome::Interesting ? 1u : 0u,
         .timed_out = outcome == Outcome::TimedOut ? 1u : 0u,
         .not_started = outcome == Outcome::NotStarted ? 1u : 0u,
         .slipped = outcome == Outcome::Slipped ? 1u : 0u});
}

void Reduction::GiveUp() {
  for (const Asked& asked : asked_) seen_.erase(asked.hash);
  asked_.clear();
}

void Reduction::Accept(Asked asked) {
  GiveUp();
  proposed_ = invalid_ = 0;
  const uint64_t before = weight_.bytes;
  current_ = std::move(asked.candidate);
  weight_ = asked.weight;
  view_.reset();
  Account& account = accounts_[account_];
  account.bytes += before - weight_.bytes;
  if (options_.accepted) {
    options_.accepted({current_, account.reducer, before, weight_.bytes, counts_.candidates});
  }
}

}  // namespace slabhound::minimizer
