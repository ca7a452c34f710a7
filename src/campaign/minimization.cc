#include "campaign/minimization.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <utility>

#include "base/deadline.h"
#include "campaign/cause_run.h"
#include "campaign/masking.h"
#include "minimizer/finding.h"
#include "regression/regression_file.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

void WriteScript(const testcase::TestCase& test_case, const minimizer::Keep& keep,
                 MinimizedReport& report) {
  auto regression =
      regression::WriteRegressionFile(test_case, minimizer::ProvenanceOf(keep), keep.lab.workers);
  if (regression) {
    report.regression = std::move(regression->script);
    if (regression->fails_on) {
      report.regression_fails_on = engine::EngineText(*regression->fails_on);
    }
  } else {
    report.regression_missing = regression.error().message;
  }
}

// A kill then costs a second of the work.
std::function<void(const minimizer::Step&)> TellSoFar(const CaseRun& run,
                                                      const diff::Signature& signature) {
  if (!run.so_far) return {};
  return [&run, signature, told = Clock::now()](const minimizer::Step& step) mutable {
    const auto now = Clock::now();
    if (now - told < std::chrono::seconds(1)) return;
    told = now;
    MinimizedReport report;
    report.signature = signature;
    report.so_far = true;
    report.module = testcase::WriteTestCase(step.test_case);
    run.so_far(report);
  };
}

class Minimization {
 public:
  Minimization(const CaseRun& run, const MinimizeOrder& order, double seconds, Flight& flight)
      : run_(run),
        order_(order),
        flight_(flight),
        end_(DeadlineInSeconds(seconds)),
        signature_(order.signature.Core()),
        hangs_(signature_.failure == trace::FailureKind::Timeout),
        lab_(hangs_ ? run.candidates : run.lab.WithoutRecurrence()),
        releases_(run.ReleasesFor(flight)) {
    report_.signature = order.signature;
  }

  MinimizedReport Run() &&;

 private:
  // Whether the case shows the signature; then `verdict_` is of it.
  bool Happens(const testcase::TestCase& test_case);
  // Up to ten tries, for a while.
  void Count(const testcase::TestCase& test_case);
  // Whether it happens often enough for candidates to be told by it, if not every time.
  bool IsFrequent(const testcase::TestCase& test_case);
  // The error is why there is none.
  Result<minimizer::MinimizedFinding, std::string> Minimize(const testcase::TestCase& test_case);
  void Take(const minimizer::MinimizedFinding& found);
  // Of the minimized case: how often it fails, its script and its cause.
  Result<void, std::string> Tell(const testcase::TestCase& small);

  bool Stop() {
    flight_.Beat();
    return Clock::now() >= end_;
  }
  std::string RareText() const {
    return fmt::format("reproduced {} of {}", report_.seen, report_.tries);
  }

  const CaseRun& run_;
  const MinimizeOrder& order_;
  Flight& flight_;
  const Deadline end_;
  const diff::Signature signature_;  // a run by itself knows nothing of other times and releases
  const bool hangs_;
  worker::Lab lab_;
  const diff::Releases releases_;
  std::vector<engine::EngineSpec> engines_;
  diff::Verdict verdict_;
  MinimizedReport report_;
};

bool Minimization::Happens(const testcase::TestCase& test_case) {
  flight_.Beat();
  const auto prepared = diff::Prepare(test_case);
  if (!prepared) return false;
  diff::Verdict now = diff::Judge(*prepared, engines_, lab_);
  ++report_.tries;
  const diff::ReleaseRange& failing = order_.signature.releases;
  const bool seen = now.is_finding() && now.signature == signature_ &&
                    (failing.empty() || diff::FailingReleases(*prepared, engines_.front(), now,
                                                              releases_, lab_) == failing);
  if (!seen) return false;
  ++report_.seen;
  verdict_ = std::move(now);
  return true;
}

void Minimization::Count(const testcase::TestCase& test_case) {
  constexpr uint32_t kTriesMax = 10;
  const auto end = Clock::now() + std::chrono::seconds(5);
  while (report_.tries < kTriesMax && Clock::now() < end) Happens(test_case);
}

bool Minimization::IsFrequent(const testcase::TestCase& test_case) {
  Count(test_case);
  return report_.seen >= kSeenToMinimize;
}

Result<minimizer::MinimizedFinding, std::string> Minimization::Minimize(
    const testcase::TestCase& test_case) {
  const bool at_once = Happens(test_case);
  if (!at_once && !IsFrequent(test_case)) return Fail(RareText());
  minimizer::Options options;
  options.stop = [this] { return Stop(); };
  if (order_.candidates_max > 0) options.candidates_max = order_.candidates_max;
  options.accepted = TellSoFar(run_, order_.signature);
  minimizer::Keep keep = minimizer::KeepOf(verdict_, engines_, run_.candidates);
  keep.failing_releases = order_.signature.releases;
  keep.releases = releases_;
  constexpr uint32_t kTries = 3;
  if (at_once) {
    keep.same_cause = SameCause(run_, verdict_, options.stop);
  } else {
    keep.tries = kTries;
  }
  auto found = minimizer::MinimizeFinding(test_case, keep, options);
  if (!found && at_once && found.error().kind == minimizer::FailureKind::NotInteresting) {
    // It happened once, and then not.
    if (!IsFrequent(test_case)) return Fail(RareText());
    keep.tries = kTries;
    keep.same_cause = {};
    keep.lab = lab_;
    found = minimizer::MinimizeFinding(test_case, keep, options);
  }
  if (!found) return Fail(std::move(found.error().message));
  return *std::move(found);
}

void Minimization::Take(const minimizer::MinimizedFinding& found) {
  report_.complete = found.minimized.complete;
  report_.candidates = found.minimized.counts.candidates;
  report_.slipped = found.minimized.counts.slipped;
  report_.module = testcase::WriteTestCase(found.minimized.test_case);
  engines_ = found.engines;
  for (const engine::EngineSpec& each : engines_) {
    report_.engines.push_back(engine::EngineText(each));
  }
}

Result<void, std::string> Minimization::Tell(const testcase::TestCase& small) {
  report_.seen = report_.tries = 0;
  lab_ = run_.lab.WithoutRecurrence();
  if (!Happens(small)) {
    if (hangs_) return Fail("the smaller case ends after a while");
    Count(small);
  }
  report_.explanation = verdict_.explanation;
  report_.suspect = engine::EngineText(verdict_.suspect);
  flight_.Beat();
  WriteScript(small, minimizer::KeepOf(verdict_, engines_, run_.lab), report_);
  if (!verdict_.is_finding()) return {};
  Cause cause = CauseOf(run_, small, verdict_, [this] { return Stop(); });
  report_.cause = std::move(cause.key);
  report_.ingredients = std::move(cause.ingredients);
  return {};
}

MinimizedReport Minimization::Run() && {
  const auto fail = [this](std::string reason) {
    report_.failure = std::move(reason);
    return std::move(report_);
  };
  flight_.Minimizing();
  auto test_case = testcase::ReadTestCase(order_.module);
  if (!test_case) return fail(std::move(test_case.error()));
  auto engines = EnginesOf(run_, order_);
  if (!engines) return fail(std::move(engines.error()));
  engines_ = *std::move(engines);
  if (!order_.causes.empty() && diff::Prepare(*test_case)) {
    flight_.Beat();
    if (auto known = ExplainedBy(*test_case, order_.causes, run_)) {
      report_.explained_by = *std::move(known);
      return std::move(report_);
    }
  }
  const auto found = Minimize(*test_case);
  if (!found) return fail(found.error());
  Take(*found);
  if (auto told = Tell(found->minimized.test_case); !told) return fail(std::move(told.error()));
  return std::move(report_);
}

}  // namespace

Result<std::vector<engine::EngineSpec>, std::string> EnginesOf(const CaseRun& run,
                                                               const MinimizeOrder& order) {
  if (order.engines.empty()) return run.EnginesOf(order.number);
  std::vector<engine::EngineSpec> engines;
  for (const std::string& text : order.engines) {
    TRY_ASSIGN(engines.emplace_back(), engine::ParseEngine(text));
  }
  return engines;
}

MinimizedReport RunMinimize(const CaseRun& run, const MinimizeOrder& order, double seconds,
                            Flight& flight) {
  return Minimization(run, order, seconds, flight).Run();
}

}  // namespace slabhound::campaign
