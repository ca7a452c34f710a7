#include "minimizer/predicate.h"

#include <algorithm>

#include "regression/check.h"

namespace slabhound::minimizer {
namespace {

bool Exhausted(const trace::Trace& trace) {
  return trace.fuel_exhausted || trace.depth_exhausted || trace.heap_exhausted;
}

bool Shows(const Keep& keep, const testcase::TestCase& test_case) {
  const auto regression = regression::WriteRegression(test_case, ProvenanceOf(keep));
  return regression && regression::CheckRegression(*regression, keep.suspect);
}

// Whether it does; false with `given_up` when there was no time to find out.
bool Keeps(const Keep& keep, const testcase::TestCase& test_case, bool& given_up) {
  const auto prepared = diff::Prepare(test_case);
  if (!prepared) return false;
  std::vector<trace::Trace> traces(keep.engines.size());
  std::vector<uint8_t> has_run(keep.engines.size(), 0);
  const auto run = [&](size_t i) {
    if (has_run[i] != 0) return true;
    given_up = keep.stop && keep.stop();
    if (given_up) return false;
    traces[i] = diff::Run(*prepared, keep.engines[i], keep.lab);
    has_run[i] = 1;
    return true;
  };
  const auto found = std::ranges::find(keep.engines, keep.suspect);
  const auto at = static_cast<size_t>(found - keep.engines.begin());
  if (at == keep.engines.size() || !run(at)) return false;

  const engine::EngineSpec alone[] = {keep.suspect};
  if (traces[at].failure) {
    const diff::Verdict first =
        diff::Compare(alone, std::span(&traces[at], 1), keep.lab.today, keep.lab.known_rows());
    if (first.signature != keep.signature) return false;
  } else {
    if (at == 0 || !run(0)) return false;
    const engine::EngineSpec both[] = {keep.engines.front(), keep.suspect};
    const trace::Trace pair[] = {traces[0], traces[at]};
    if (diff::Compare(both, pair, keep.lab.today, keep.lab.known_rows()).signature !=
        keep.signature)
      return false;
  }
  if (keep.must_end && (!run(0) || Exhausted(traces[0]))) return false;
  for (size_t i = 0; i < keep.engines.size(); ++i) {
    if (!run(i)) return false;
  }
  const diff::Verdict verdict =
      diff::Compare(keep.engines, traces, keep.lab.today, keep.lab.known_rows());
  if (verdict.signature != keep.signature) return false;
  if (!keep.failing_releases.empty() &&
      diff::FailingReleases(*prepared, keep.engines.front(), verdict, keep.releases, keep.lab) !=
          keep.failing_releases) {
    return false;
  }
  return !keep.must_show || Shows(keep, test_case);
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
    for (uint32_t left = keep.tries; left > 0; --left) {
      bool given_up = false;
      const bool keeps = Keeps(keep, test_case, given_up);
      if (given_up) return Outcome::GivenUp;
      if (keeps) return Outcome::Interesting;
    }
    return Outcome::NotInteresting;
  };
}

bool Ends(const Keep& keep, const testcase::TestCase& test_case) {
  const auto prepared = diff::Prepare(test_case);
  return prepared && !Exhausted(diff::Run(*prepared, keep.engines.front(), keep.lab));
}

}  // namespace slabhound::minimizer
