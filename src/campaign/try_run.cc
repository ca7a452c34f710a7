#include "campaign/try_run.h"

#include <algorithm>
#include <array>
#include <utility>

#include "campaign/trial.h"
#include "diff/tries.h"
#include "testcase/testcase.h"
#include "worker/history_section.h"
#include "worker/run.h"

namespace slabhound::campaign {
namespace {

using engine::EngineSpec;

constexpr uint32_t kTries = 2, kTriesOfRare = 10;

std::vector<EngineSpec> WaysOf(const EngineSpec& suspect) {
  std::vector<EngineSpec> ways = {suspect};
  if (engine::InProcess(suspect)) return ways;
  for (EngineSpec& each : diff::TriesOf(engine::Bare(suspect))) {
    if (std::ranges::find(ways, each) == ways.end()) ways.push_back(std::move(each));
  }
  return ways;
}

bool Dies(const CaseRun& run, const EngineSpec& suspect, const TryOrder& order) {
  constexpr TrialLimits kLimits{.cpu = std::chrono::seconds(3), .wall = std::chrono::seconds(10)};
  if (!engine::InProcess(suspect)) return false;
  CaseRun own = run;
  own.engines = {EngineSpec{}, suspect};
  return Try(own, 0, order.module, kLimits).has_value();
}

}  // namespace

TriedReport RunTry(const CaseRun& run, const TryOrder& order, Flight& flight) {
  flight.Minimizing();
  TriedReport report;
  report.slug = order.slug;
  report.engine = order.engine;
  const auto fail = [&report](std::string why) {
    report.not_able = std::move(why);
    return report;
  };
  const auto suspect = engine::ParseEngine(order.engine);
  if (!suspect) return fail(suspect.error());
  auto test_case = testcase::ReadTestCase(order.module);
  if (!test_case) return fail(test_case.error());
  const auto history = worker::TakeHistory(test_case->module);
  if (!history) return fail(history.error());
  if (Dies(run, *suspect, order)) {
    report.seen = report.tries = 1;
    return report;
  }
  const auto prepared = diff::Prepare(*std::move(test_case));
  if (!prepared) return fail("the case is not valid");
  const worker::Lab lab = run.lab.WithoutRecurrence();
  const trace::Trace expected = diff::Run(*prepared, EngineSpec{}, lab);
  bool agrees = false;
  report.not_able = "it ran out of what it may use";
  for (report.tries = 1;; ++report.tries) {
    for (const EngineSpec& way : WaysOf(*suspect)) {
      flight.Beat();
      const std::array engines = {EngineSpec{}, way};
      const std::array traces = {
          expected, history->runs.empty()
                        ? diff::Run(*prepared, way, lab)
                        : worker::RunPortableAfter(history->runs, *prepared, way, lab)};
      const diff::Verdict verdict = diff::Compare(engines, traces, lab.today, lab.known_rows());
      if (verdict.is_finding() || verdict.kind == diff::VerdictKind::Known) {
        report.seen = 1;
        report.not_able.clear();
        return report;
      }
      if (verdict.kind == diff::VerdictKind::Rejected) report.not_able = verdict.explanation;
      agrees = agrees || verdict.kind == diff::VerdictKind::Agree;
    }
    if (report.tries >= (order.is_rare ? kTriesOfRare : kTries)) break;
  }
  if (agrees) report.not_able.clear();
  return report;
}

}  // namespace slabhound::campaign
