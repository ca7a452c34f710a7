#include "campaign/cause_run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "campaign/masking.h"
#include "cause/ingredients.h"
#include "cause/variants.h"
#include "diff/materialize.h"
#include "minimizer/minimize.h"

namespace slabhound::campaign {
namespace {

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
  if (!witness) return test_case;
  return std::move(witness->test_case);
}

// What the first case that was asked about with a suspect gives; copies of a predicate share them.
using Steady = std::vector<std::pair<engine::EngineSpec, cause::VariantVector>>;

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

std::function<bool(const testcase::TestCase&, const engine::EngineSpec&)> SameCause(
    const CaseRun& run, const diff::Verdict& verdict, const std::function<bool()>& stop) {
  const bool is_slab = verdict.suspect.kind == engine::EngineKind::Slab;
  if (!is_slab && (verdict.suspect.version.empty() || run.installed.empty())) return {};
  if (Hangs(verdict)) return {};
  cause::Suspicion suspicion{.reference = run.engines.front(),
                             .suspect = {},
                             .releases = {run.installed, [stop] { stop(); }},
                             .lab = run.candidates,
                             .shown = verdict.signature};
  return [suspicion, vectors = std::make_shared<Steady>()](
             const testcase::TestCase& each, const engine::EngineSpec& suspect) mutable {
    const auto prepared = diff::Prepare(each);
    if (!prepared) return false;
    suspicion.suspect = suspect;
    const auto known = std::ranges::find(*vectors, suspect, &Steady::value_type::first);
    if (known != vectors->end()) return cause::Gives(known->second, *prepared, suspicion);
    vectors->emplace_back(suspect, cause::SteadyVectorOf(*prepared, suspicion));
    return true;
  };
}

Cause CauseOf(const CaseRun& run, const testcase::TestCase& test_case, const diff::Verdict& verdict,
              const std::function<bool()>& stop) {
  cause::Suspicion suspicion{.reference = run.engines.front(),
                             .suspect = verdict.suspect,
                             .releases = {run.installed, [&stop] { stop(); }},
                             .lab = run.candidates,
                             .hangs = Hangs(verdict)};
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
