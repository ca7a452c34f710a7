#include "campaign/case_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/cpu_time.h"
#include "base/rng.h"
#include "campaign/masking.h"
#include "engine/info.h"
#include "gen/generate.h"
#include "testcase/testcase.h"
#include "wasm/decode.h"
#include "worker/command.h"
#include "worker/run.h"

namespace slabhound::campaign {
namespace {

uint64_t CpuNanoseconds() { return static_cast<uint64_t>(OwnCpuTime().count()); }

// Without places: reasons are counted.
std::string ReasonText(const wasm::Error& error) {
  return fmt::format("{}: {}", wasm::ErrorClassName(error.error_class()),
                     wasm::ErrorPhrase(error.code));
}

// Whether the engine that was asked last ran the case.
void NoteSilence(const trace::Trace& trace, CaseReport& report) {
  if (trace.unusable) {
    report.not_run.push_back(report.asked.back());
  } else if (std::holds_alternative<trace::Rejected>(trace.events.front().what)) {
    report.refused.push_back(report.asked.back());
  }
}

}  // namespace

diff::Releases CaseRun::ReleasesFor(Flight& flight) const {
  return {releases, [&flight] { flight.Beat(); }};
}

std::vector<engine::EngineSpec> CaseRun::EnginesOf(uint64_t other_seed, uint64_t number) const {
  const uint64_t draw = Rng(other_seed).Fork(number).Next();
  std::vector<engine::EngineSpec> own;
  for (const engine::EngineSpec& each : engines) own.push_back(engine::OfCase(each, draw));
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
  if (verdict.kind != diff::VerdictKind::Rejected && reach::IsSurveyed(report.number)) {
    const uint64_t draw = Rng(run.seed).Fork(report.number).Next();
    report.reached = reach::Survey(*prepared, engines, draw, run.lab.limits.Of(*prepared));
  }
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
      diff::FailingReleases(*prepared, engines.front(), verdict, run.ReleasesFor(flight), run.lab);
}

CaseReport RunCase(const CaseRun& run, uint64_t number, const std::vector<std::string>& without,
                   Flight& flight) {
  CaseReport report;
  report.number = number;
  const bool exceptions = std::ranges::all_of(run.engines, [&run](const engine::EngineSpec& each) {
    return run.lab.TakesExceptions(each);
  });
  const gen::Recipe recipe = gen::MakeRecipe(run.seed, number, exceptions, run.generator);
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

}  // namespace slabhound::campaign
