#include "campaign/cause_run.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "campaign/masking.h"
#include "cause/ingredients.h"
#include "cause/variants.h"
#include "diff/materialize.h"
#include "minimizer/minimize.h"

namespace slabhound::campaign {
namespace {

// A small case takes milliseconds; memory that goes wrong may be a loop without end.
constexpr std::chrono::milliseconds kVariantTime{300};

bool Hangs(const diff::Verdict& verdict) {
  return verdict.signature.failure == trace::FailureKind::Timeout;
}

// Of a case that does not show it every time: itself.
testcase::TestCase WitnessOf(const testcase::TestCase& test_case, const cause::Suspicion& suspicion,
                             const cause::VariantVector& vector,
                             const std::function<bool()>& stop) {
  const auto agrees = [&](const testcase::TestCase& each) -> minimizer::Answer {
    const auto prepared = diff::Prepare(each);
    return prepared && cause::Gives(vector, *prepared, suspicion);
  };
  minimizer::Options options;
  options.candidates_max = kWitnessCandidatesMax;
  options.stop = stop;
  auto witness = minimizer::Minimize(test_case, agrees, options);
  return witness ? std::move(witness->test_case) : test_case;
}

// The case with its collections as instructions, and the suspect that then shows it; the same where
// that shows nothing.
testcase::TestCase WithCollections(const testcase::TestCase& test_case,
                                   cause::Suspicion& suspicion) {
  auto materialized = diff::Materialize(test_case, suspicion.suspect);
  if (!materialized) return test_case;
  cause::Suspicion instead = suspicion;
  instead.suspect = materialized->spec;
  const auto prepared = diff::Prepare(materialized->test_case);
  if (!prepared || !cause::Fails(*prepared, instead)) return test_case;
  suspicion = std::move(instead);
  return std::move(materialized->test_case);
}

}  // namespace

Cause CauseOf(const CaseRun& run, const testcase::TestCase& test_case, const diff::Verdict& verdict,
              const std::function<bool()>& stop) {
  cause::Suspicion suspicion{.reference = run.engines.front(),
                             .suspect = verdict.suspect,
                             .releases = {run.installed, [&stop] { stop(); }},
                             .lab = run.lab,
                             .hangs = Hangs(verdict)};
  worker::WorkerLimits limits = run.lab.workers->limits();
  if (!suspicion.hangs) limits.run_time = std::min(limits.run_time, kVariantTime);
  suspicion.lab.workers = std::make_shared<worker::Pool>(limits);
  const testcase::TestCase whole = WithCollections(test_case, suspicion);
  Cause cause;
  cause.key.variants = cause::VectorOf(*diff::Prepare(whole), suspicion);
  cause.key.severity =
      cause::SeverityOf(verdict.signature, cause::NeedsCollections(cause.key.variants));
  cause.key.locus = cause::LocusOf(verdict.signature);
  const testcase::TestCase witness = WitnessOf(whole, suspicion, cause.key.variants, stop);
  cause.key.shape = cause::ShapeOf(witness.module);
  cause.ingredients = cause::IngredientsOf(witness.module);
  cause.ingredients.resize(std::min(cause.ingredients.size(), kIngredientsMax));
  return cause;
}

}  // namespace slabhound::campaign
