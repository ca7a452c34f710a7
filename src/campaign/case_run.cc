#include "campaign/case_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>

#include "campaign/cause_run.h"
#include "campaign/masking.h"
#include "engine/info.h"
#include "gen/generate.h"
#include "minimizer/finding.h"
#include "regression/regression_file.h"
#include "testcase/testcase.h"
#include "wasm/decode.h"
#include "worker/command.h"
#include "worker/run.h"

namespace slabhound::campaign {
namespace {

uint64_t CpuNanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

// Without places: reasons are counted.
std::string ReasonText(const wasm::Error& error) {
  return fmt::format("{}: {}", wasm::ErrorClassName(error.error_class()),
                     wasm::ErrorPhrase(error.code));
}

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

Result<std::vector<engine::EngineSpec>, std::string> EnginesOf(
    const std::vector<std::string>& texts, const std::vector<engine::EngineSpec>& otherwise) {
  if (texts.empty()) return otherwise;
  std::vector<engine::EngineSpec> engines;
  for (const std::string& text : texts) {
    TRY_ASSIGN(engines.emplace_back(), engine::ParseEngine(text));
  }
  return engines;
}

diff::Releases ReleasesOf(const CaseRun& run, Flight& flight) {
  return {run.releases, [&flight] { flight.Beat(); }};
}

}  // namespace

namespace {

// Whether the engine that was asked last ran the case.
void NoteSilence(const trace::Trace& trace, CaseReport& report) {
  if (trace.unusable) {
    report.not_run.push_back(report.asked.back());
  } else if (std::holds_alternative<trace::Rejected>(trace.events.front().what)) {
    report.refused.push_back(report.asked.back());
  }
}

}  // namespace

std::vector<engine::EngineSpec> CaseRun::EnginesOf(uint64_t number) const {
  std::vector<engine::EngineSpec> own;
  for (const engine::EngineSpec& each : engines) own.push_back(engine::OfCase(each, number));
  return own;
}

void JudgeModule(const CaseRun& run, ByteSpan bytes, Flight& flight, CaseReport& report) {
  const auto at_stage = [&](Stage stage) {
    if (run.at_stage) run.at_stage(report.number, stage, bytes);
  };
  const auto reject = [&report](std::string reason) {
    report.verdict = diff::VerdictKind::Rejected;
    report.reason = std::move(reason);
  };
  flight.Generated(bytes);
  at_stage(Stage::Decode);
  auto module = wasm::Decode(bytes);
  if (!module) return reject(ReasonText(module.error()));
  auto test_case = testcase::MakeTestCase(*std::move(module));
  if (!test_case) return reject("plan: " + test_case.error().message);
  test_case->plan.budgets = run.budgets;
  const auto prepared = diff::Prepare(*test_case);
  if (!prepared) return reject(ReasonText(prepared.error()));
  const std::vector<engine::EngineSpec> engines = run.EnginesOf(report.number);
  std::vector<trace::Trace> traces;
  for (const engine::EngineSpec& engine : engines) {
    flight.Running(static_cast<uint32_t>(traces.size()));
    at_stage(Stage::Run);
    report.asked.push_back(traces.size());
    traces.push_back(diff::Run(*prepared, engine, run.lab));
    NoteSilence(traces.back(), report);
  }
  const diff::Verdict verdict = diff::Compare(engines, traces, run.lab.today, run.lab.known_rows());
  report.known = verdict.known;
  report.avoided = verdict.avoided;
  report.needs = verdict.needs;
  if (verdict.kind == diff::VerdictKind::Rejected) return reject(verdict.explanation);
  report.verdict = verdict.kind;
  report.fuel_exhausted = verdict.fuel_exhausted;
  report.depth_exhausted = verdict.depth_exhausted;
  report.size_exhausted = verdict.size_exhausted;
  report.heap_exhausted = verdict.heap_exhausted;
  if (!verdict.is_finding()) return;
  report.signature = verdict.signature;
  report.explanation = verdict.explanation;
  report.suspect = engine::EngineText(verdict.suspect);
  report.module = testcase::WriteTestCase(*test_case);
  if (verdict.recurrence) report.recurrence = *verdict.recurrence;
  if (verdict.kind == diff::VerdictKind::Diverge && !engine::InProcess(verdict.suspect)) {
    const auto shows = [&](const trace::Trace& again) {
      const trace::Trace pair[] = {traces.front(), again};
      const engine::EngineSpec both[] = {engines.front(), verdict.suspect};
      return diff::Compare(both, pair, run.lab.today, run.lab.known_rows()).signature ==
             verdict.signature;
    };
    report.recurrence = worker::LookInto(*prepared, verdict.suspect,
                                         diff::SignatureText(verdict.signature), shows, run.lab);
    report.signature.recurs = trace::RecursOf(report.recurrence);
  }
  // Of a failure that comes and goes, where it came says nothing.
  if (!report.recurrence.happens_alone()) return;
  report.signature.releases =
      diff::FailingReleases(*prepared, engines.front(), verdict, ReleasesOf(run, flight), run.lab);
}

CaseReport RunCase(const CaseRun& run, uint64_t number, const std::vector<std::string>& without,
                   Flight& flight) {
  CaseReport report;
  report.number = number;
  const bool exceptions = std::ranges::all_of(run.engines, [&run](const engine::EngineSpec& each) {
    return run.lab.TakesExceptions(each);
  });
  const gen::Recipe recipe = gen::MakeRecipe(run.seed, number, exceptions);
  flight.Begin(number, recipe.input);
  if (run.at_stage) run.at_stage(number, Stage::Generate, {});
  const uint64_t started = CpuNanoseconds();
  Bytes module = gen::Generate(recipe);
  const uint64_t generated = CpuNanoseconds();
  if (!without.empty()) {
    flight.Generated(module);
    module = Without(std::move(module), without);
  }
  JudgeModule(run, module, flight, report);
  report.generate_ns = generated - started;
  report.judge_ns = CpuNanoseconds() - generated;
  return report;
}

namespace {

// A kill then costs a second of the work.
std::function<void(const minimizer::Step&)> TellSoFar(const CaseRun& run,
                                                      const diff::Signature& signature) {
  if (!run.so_far) return {};
  return [&run, signature,
          told = std::chrono::steady_clock::now()](const minimizer::Step& step) mutable {
    const auto now = std::chrono::steady_clock::now();
    if (now - told < std::chrono::seconds(1)) return;
    told = now;
    MinimizedReport report;
    report.signature = signature;
    report.so_far = true;
    report.module = testcase::WriteTestCase(step.test_case);
    run.so_far(report);
  };
}

}  // namespace

MinimizedReport RunMinimize(const CaseRun& run, const MinimizeOrder& order, double seconds,
                            Flight& flight) {
  MinimizedReport report;
  report.signature = order.signature;
  const auto fail = [&report](std::string reason) {
    report.failure = std::move(reason);
    return report;
  };
  flight.Minimizing();
  auto test_case = testcase::ReadTestCase(order.module);
  if (!test_case) return fail(test_case.error());
  const auto deadline =
      std::chrono::steady_clock::now() +
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
  // A run by itself knows nothing of other times and releases.
  const diff::Signature signature = order.signature.Core();
  const diff::ReleaseRange& failing = order.signature.releases;
  const bool hangs = signature.failure == trace::FailureKind::Timeout;
  worker::Lab alone = hangs ? run.candidates : run.lab.WithoutRecurrence();
  const diff::Releases releases = ReleasesOf(run, flight);
  auto ordered = EnginesOf(order.engines, run.EnginesOf(order.number));
  if (!ordered) return fail(ordered.error());
  std::vector<engine::EngineSpec> engines = *std::move(ordered);
  diff::Verdict verdict;  // as it should be
  const auto happens = [&](const testcase::TestCase& each) {
    flight.Beat();
    const auto prepared = diff::Prepare(each);
    if (!prepared) return false;
    diff::Verdict now = diff::Judge(*prepared, engines, alone);
    ++report.tries;
    const bool seen = now.is_finding() && now.signature == signature &&
                      (failing.empty() || diff::FailingReleases(*prepared, engines.front(), now,
                                                                releases, alone) == failing);
    report.seen += seen ? 1 : 0;
    if (seen) verdict = std::move(now);
    return seen;
  };
  const auto count = [&](const testcase::TestCase& each) {
    constexpr uint32_t kTriesMax = 10;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (report.tries < kTriesMax && std::chrono::steady_clock::now() < end) happens(each);
  };
  // Whether it happens often enough for candidates to be told by it, if not every time.
  const auto is_frequent = [&] {
    count(*test_case);
    return report.seen >= kSeenToMinimize;
  };
  const auto rare = [&] {
    return fail(fmt::format("reproduced {} of {}", report.seen, report.tries));
  };
  if (!order.causes.empty() && diff::Prepare(*test_case)) {
    flight.Beat();
    if (auto known = ExplainedBy(*test_case, order.causes, run)) {
      report.explained_by = *std::move(known);
      return report;
    }
  }
  const bool at_once = happens(*test_case);
  if (!at_once && !is_frequent()) return rare();
  minimizer::Options options;
  options.stop = [&flight, deadline] {
    flight.Beat();
    return std::chrono::steady_clock::now() >= deadline;
  };
  options.accepted = TellSoFar(run, order.signature);
  minimizer::Keep keep = minimizer::KeepOf(verdict, engines, run.candidates);
  keep.failing_releases = failing;
  keep.releases = releases;
  constexpr uint32_t kTries = 3;
  if (at_once) {
    keep.same_cause = SameCause(run, verdict, options.stop);
  } else {
    keep.tries = kTries;
  }
  auto found = minimizer::MinimizeFinding(*test_case, keep, options);
  if (!found && at_once && found.error().kind == minimizer::FailureKind::NotInteresting) {
    // It happened once, and then not.
    if (!is_frequent()) return rare();
    keep.tries = kTries;
    keep.same_cause = {};
    keep.lab = alone;
    found = minimizer::MinimizeFinding(*test_case, keep, options);
  }
  if (!found) return fail(found.error().message);
  report.complete = found->minimized.complete;
  report.candidates = found->minimized.counts.candidates;
  report.slipped = found->minimized.counts.slipped;
  report.module = testcase::WriteTestCase(found->minimized.test_case);
  engines = std::move(found->engines);
  for (const engine::EngineSpec& each : engines) {
    report.engines.push_back(engine::EngineText(each));
  }
  report.seen = report.tries = 0;
  alone = run.lab.WithoutRecurrence();
  if (!happens(found->minimized.test_case)) {
    if (hangs) return fail("the smaller case ends after a while");
    count(found->minimized.test_case);
  }
  report.explanation = verdict.explanation;
  report.suspect = engine::EngineText(verdict.suspect);
  flight.Beat();
  keep = minimizer::KeepOf(verdict, engines, run.lab);
  WriteScript(found->minimized.test_case, keep, report);
  if (!verdict.is_finding()) return report;
  Cause cause = CauseOf(run, found->minimized.test_case, verdict, options.stop);
  report.cause = std::move(cause.key);
  report.ingredients = std::move(cause.ingredients);
  return report;
}

}  // namespace slabhound::campaign
