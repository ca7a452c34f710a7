#include "campaign/history_reduction.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/deadline.h"
#include "diff/compare.h"
#include "minimizer/minimize.h"
#include "testcase/testcase.h"
#include "wasm/encode.h"
#include "worker/run.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;
using testcase::TestCase;
using trace::SentRun;

class Reduction {
 public:
  Reduction(const CaseRun& run, const MinimizeOrder& order, engine::EngineSpec suspect,
            Deadline deadline, Flight& flight)
      : reference_(run.EnginesOf(order.number).front()),
        suspect_(std::move(suspect)),
        signature_(order.signature.Core()),
        lab_(run.lab.WithoutRecurrence()),
        deadline_(deadline),
        flight_(flight),
        history_(order.history) {}

  // How often of so many times the case fails behind the history.
  uint32_t Count(const TestCase& test_case, uint32_t times) {
    uint32_t seen = 0;
    for (uint32_t i = 0; i < times; ++i) seen += Fails(test_case, history_) ? 1 : 0;
    return seen;
  }
  void set_tries(uint32_t tries) { tries_ = tries; }

  void DropRuns(const TestCase& test_case) {
    for (size_t i = 0; i < history_.size() && history_.size() > 1 && !IsLate();) {
      std::vector<SentRun> without = history_;
      without.erase(without.begin() + static_cast<ptrdiff_t>(i));
      if (Happens(test_case, without)) {
        history_ = std::move(without);
      } else {
        ++i;
      }
    }
    for (size_t i = 0; i < history_.size(); ++i) history_[i].request.id = i + 1;
  }

  TestCase ShrinkCase(TestCase test_case, Deadline deadline) {
    return Shrink(std::move(test_case), deadline,
                  [this](const TestCase& each) { return Happens(each, history_); });
  }

  void ShrinkRuns(const TestCase& test_case) {
    for (SentRun& sent : history_) {
      if (IsLate()) return;
      const Bytes before = std::exchange(sent.module, wasm::Encode({}));
      if (Happens(test_case, history_)) continue;  // that there was a run is enough
      sent.module = before;
      auto module = testcase::ReadTestCase(before);
      if (!module) continue;
      const TestCase small = Shrink(*std::move(module), deadline_, [&](const TestCase& each) {
        sent.module = wasm::Encode(each.module);
        return Happens(test_case, history_);
      });
      sent.module = wasm::Encode(small.module);
      if (sent.module.size() > before.size()) sent.module = before;
    }
  }

  bool IsLate() const { return Clock::now() >= deadline_; }
  bool complete() const { return complete_; }
  uint64_t candidates() const { return candidates_; }
  const diff::Verdict& verdict() const { return verdict_; }
  const std::vector<SentRun>& history() const { return history_; }

 private:
  bool Fails(const TestCase& test_case, const std::vector<SentRun>& history) {
    flight_.Beat();
    const auto prepared = diff::Prepare(test_case);
    if (!prepared) return false;
    const std::array engines = {reference_, suspect_};
    const std::array traces = {diff::Run(*prepared, reference_, lab_),
                               worker::RunPortableAfter(history, *prepared, suspect_, lab_)};
    diff::Verdict now = diff::Compare(engines, traces, lab_.today);
    const bool seen = now.is_finding() && now.signature.Core() == signature_;
    if (seen) verdict_ = std::move(now);
    return seen;
  }
  bool Happens(const TestCase& test_case, const std::vector<SentRun>& history) {
    for (uint32_t i = 0; i < tries_; ++i) {
      if (Fails(test_case, history)) return true;
    }
    return false;
  }

  template <typename Keeps>
  TestCase Shrink(TestCase test_case, Deadline deadline, const Keeps& keeps) {
    minimizer::Options options;
    options.stop = [this, deadline] {
      flight_.Beat();
      return Clock::now() >= deadline;
    };
    auto small = minimizer::Minimize(
        test_case, [&keeps](const TestCase& each) { return minimizer::Answer(keeps(each)); },
        options);
    complete_ = complete_ && small && small->complete;
    if (!small) return test_case;
    candidates_ += small->counts.candidates;
    return std::move(small->test_case);
  }

  engine::EngineSpec reference_, suspect_;
  diff::Signature signature_;
  worker::Lab lab_;
  Deadline deadline_;
  Flight& flight_;
  std::vector<SentRun> history_;
  uint32_t tries_ = 1;
  diff::Verdict verdict_;
  uint64_t candidates_ = 0;
  bool complete_ = true;
};

}  // namespace

MinimizedReport MinimizeWithHistory(const CaseRun& run, const MinimizeOrder& order, double seconds,
                                    Flight& flight) {
  constexpr uint32_t kTimes = 3;
  const Deadline half = DeadlineInSeconds(seconds / 2), end = DeadlineInSeconds(seconds);
  MinimizedReport report;
  report.signature = order.signature;
  const auto fail = [&report](std::string reason) {
    report.failure = std::move(reason);
    return report;
  };
  flight.Minimizing();
  auto test_case = testcase::ReadTestCase(order.module);
  if (!test_case) return fail(test_case.error());
  auto suspect = engine::ParseEngine(order.suspect);
  if (!suspect) return fail(suspect.error());
  Reduction reduction(run, order, *std::move(suspect), end, flight);
  report.tries = kTimes;
  report.seen = reduction.Count(*test_case, kTimes);
  if (report.seen == 0) return fail(fmt::format("reproduced 0 of {}", kTimes));
  if (report.seen < kTimes) reduction.set_tries(kTimes);
  reduction.DropRuns(*test_case);
  const TestCase small = reduction.ShrinkCase(*std::move(test_case), half);
  reduction.ShrinkRuns(small);
  report.seen = reduction.Count(small, kTimes);
  if (report.seen == 0) return fail("what is left does not happen again");
  report.complete = reduction.complete();
  report.candidates = reduction.candidates();
  report.module = testcase::WriteTestCase(small);
  report.history = reduction.history();
  report.explanation = reduction.verdict().explanation;
  report.suspect = order.suspect;
  report.regression_missing = "the failure needs the modules in history";
  return report;
}

}  // namespace slabhound::campaign
