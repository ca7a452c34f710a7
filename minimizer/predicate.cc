#include "minimizer/predicate.h"

#include <algorithm>

#include "regression/check.h"

namespace slabhound::minimizer {
namespace {

bool Exhausted(const trace::Trace& trace) {
  return trace.fuel_exhausted || trace.depth_exhausted || trace.heap_exhausted;
}

bool Shows(const Keep& keep, const testcase::TestCase& test_case) {
  const auto regression = regression::WriteRegression(test_case);
  return regression && regression::CheckRegression(*regression, keep.suspect);
}

Outcome Judge(const Keep& keep, const testcase::TestCase& test_case) {
  const auto prepared = diff::Prepare(test_case);
  if (!prepared) return Outcome::NotInteresting;
  std::vector<trace::Trace> traces(keep.engines.size());
  std::vector<uint8_t> has_run(keep.engines.size(), 0);
  const auto run = [&](size_t i) {
    if (has_run[i] != 0) return true;
    if (keep.stop && keep.stop()) return false;
    traces[i] = diff::Run(*prepared, keep.engines[i], keep.lab);
    has_run[i] = 1;
    return true;
  };
  const auto found = std::ranges::find(keep.engines, keep.suspect);
  const auto at = static_cast<size_t>(found - keep.engines.begin());
  if (at == keep.engines.size()) return Outcome::NotInteresting;
  if (!run(at)) return Outcome::GivenUp;

  const engine::EngineSpec alone[] = {keep.suspect};
  if (traces[at].failure) {
    const diff::Verdict first =
        diff::Compare(alone, std::span(&traces[at], 1), keep.lab.today, keep.lab.known_rows());
    if (first.signature != keep.signature) return Outcome::NotInteresting;
  } else {
    if (at == 0) return Outcome::NotInteresting;
    if (!run(0)) return Outcome::GivenUp;
    const engine::EngineSpec both[] = {keep.engines.front(), keep.suspect};
    const trace::Trace pair[] = {traces[0], traces[at]};
    if (diff::Compare(both, pair, keep.lab.today, keep.lab.known_rows()).signature !=
        keep.signature) {
      return Outcome::NotInteresting;
    }
  }
  for (size_t i = 0; i < keep.engines.size(); ++i) {
    if (!run(i)) return Outcome::GivenUp;
    if (i == 0 && keep.must_end && Exhausted(traces[0])) return Outcome::NotInteresting;
  }
  const diff::Verdict verdict =
      diff::Compare(keep.engines, traces, keep.lab.today, keep.lab.known_rows());
  if (verdict.signature != keep.signature) return Outcome::NotInteresting;
  if (!keep.failing_releases.empty() &&
      diff::FailingReleases(*prepared, keep.engines.front(), verdict, keep.releases, keep.lab) !=
          keep.failing_releases) {
    return Outcome::NotInteresting;
  }
  if (keep.must_show && !Shows(keep, test_case)) return Outcome::NotInteresting;
  return keep.same_cause && !keep.same_cause(test_case, keep.suspect) ? Outcome::Slipped
                                                                      : Outcome::Interesting;
}

}  // namespace

regression::Provenance ProvenanceOf(const Keep& keep) {
  return {.signature = diff::SignatureText(keep.signature),
          .suspect = keep.suspect,
          .engines = keep.engines};
}

Keep KeepOf(const diff::Verdict& verdict, std::vector<engine::EngineSpec> engines,
            const worker::Lab& lab) {
  // A candidate that fails only after others did is of no use.
  Keep keep{.engines = std::move(engines),
            .suspect = verdict.suspect,
            .signature = verdict.signature,
            .lab = lab.WithoutRecurrence()};
  return keep;
}

Predicate KeepsSignature(Keep keep) {
  return [keep = std::move(keep)](const testcase::TestCase& test_case) -> Answer {
    Outcome outcome = Outcome::NotInteresting;
    for (uint32_t left = keep.tries; left > 0 && outcome == Outcome::NotInteresting; --left) {
      outcome = Judge(keep, test_case);
    }
    return outcome;
  };
}

bool Ends(const Keep& keep, const testcase::TestCase& test_case) {
  const auto prepared = diff::Prepare(test_case);
  return prepared && !Exhausted(diff::Run(*prepared, keep.engines.front(), keep.lab));
}

}  // namespace slabhound::minimizer
