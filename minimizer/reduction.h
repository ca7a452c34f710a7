// One minimization under way: the smallest interesting test case so far, and the door through
// which every candidate goes.
//
// 1. A candidate is accepted exactly when it is lighter than current(), was not tried before, is
//    valid, and the predicate calls it interesting; it is current() from then on.
// 2. Once Stopped, nothing is accepted.
// 3. With several jobs the predicate looks at candidates ahead of time, as if those before them
//    were not interesting; where one is, what was asked behind it is given up and forgotten. So
//    the same candidates are accepted in the same order as with one job.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

#include "minimizer/minimize.h"
#include "minimizer/weight.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {

// Candidates in order. What stands at a place follows from current() and from what was accepted.
struct Proposals {
  size_t count = 0;  // of places
  // Nothing: there is nothing to propose at this place.
  std::function<std::optional<testcase::TestCase>(size_t place)> at;
  std::function<void(size_t place)> accepted = {};
  // What single change stands there, whatever else the module holds; nothing: none that is kept in
  // mind when it fails.
  std::function<std::optional<uint64_t>(size_t place)> change = {};
};

// What has its turn.
struct Round {
  uint64_t bytes_min = 0, bytes_max = UINT64_MAX;  // about how many bytes a change takes away
  uint32_t failures_max = UINT32_MAX;  // in a row, before a kind of change waits for a full round
  bool skips_failed = false;  // changes that failed before, when other code was around them
  // Whether it takes all there are.
  bool is_full() const { return bytes_min == 0 && failures_max == UINT32_MAX; }
};

class Reduction {
 public:
  // All of them outlive it. Requires: the input is valid and interesting.
  Reduction(testcase::TestCase input, const Predicate& predicate, const Options& options);

  const testcase::TestCase& current() const { return current_; }
  const wasm::Module& module() const { return current_.module; }
  uint64_t bytes() const { return weight_.bytes; }
  const Counts& counts() const { return counts_; }
  // Polled in every loop over something that the module's size bounds.
  bool Stopped();
  // What is known of module(), made when it is first asked for.
  std::shared_ptr<const rewrite::View> View();

  const Round& round() const { return round_; }
  void StartRound(const Round& round);
  // `place`: in the round, from 1.
  void StartReducer(std::string_view name, size_t place);
  // What follows is the reducer's next kind of change. Whether it has its turn.
  bool StartKind();
  // Whether this change of the kind is one that failed, and the round skips it.
  bool Skips(uint64_t change) const;
  const std::vector<Account>& accounts() const { return accounts_; }

  bool Try(testcase::TestCase candidate);
  // A candidate with another module and the same plan.
  bool Try(wasm::Module candidate) { return Try({std::move(candidate), current_.plan}); }
  // Each in its turn, until the kind of change has to wait. Whether any was accepted.
  bool TryEach(const Proposals& proposals);

  testcase::TestCase Take() { return std::move(current_); }

 private:
  // A candidate that the predicate looks at.
  struct Asked {
    size_t place;
    testcase::TestCase candidate;
    Weight weight;
    uint64_t hash;
    uint64_t proposed, invalid;  // since the one before it, and with it
    Answer answer;
  };
  // Asks about what stands at the place, if that is a candidate.
  void Ask(const Proposals& proposals, size_t place);
  // Whether there is room for another question.
  bool HasRoom();
  void Count(const Counts& counts);
  void Count(Outcome outcome);
  void Accept(Asked asked);
  void GiveUp();  // what was asked ahead of time

  testcase::TestCase current_;
  const Predicate& predicate_;
  const Options& options_;
  Weight weight_;
  std::shared_ptr<const rewrite::View> view_;
  std::set<uint64_t> seen_;  // hashes of candidates
  Counts counts_;
  std::vector<Account> accounts_ = std::vector<Account>(1);  // in the order of their first turn
  size_t account_ = 0;                                       // whose turn it is
  size_t place_ = 0;                                         // in the round
  // Failures in a row, by reducer and kind of change.
  std::map<std::pair<size_t, size_t>, uint32_t> failures_;
  std::set<std::tuple<size_t, size_t, uint64_t>> failed_;  // changes, likewise
  size_t kind_ = 0;
  Round round_;
  bool stopped_ = false;
  std::deque<Asked> asked_;              // oldest first
  uint64_t proposed_ = 0, invalid_ = 0;  // since the last of them
};

}  // namespace slabhound::minimizer
