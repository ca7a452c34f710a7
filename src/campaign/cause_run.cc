#include "campaign/cause_run.h"

#include <algorithm>
#include <memory>
#include <optional>

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

// The vector's newer releases up to the first that passes, and what decides of the slab engine:
// each cell costs a run of each candidate. Configurations are left out, whose luck with memory
// changes with every instruction, and what was not the same twice.
cause::VariantVector SteadyReleases(const diff::Prepared& prepared,
                                    const cause::Suspicion& suspicion) {
  cause::VariantVector vector = cause::VectorOf(prepared, suspicion);
  const cause::VariantVector again = cause::VectorOf(prepared, suspicion);
  bool cured = false;
  for (size_t i = 0; i < vector.size(); ++i) {
    const auto engine = engine::ParseEngine(vector[i].engine);
    const bool in_process = engine && engine::InProcess(*engine);
    const bool is_release = engine && engine->version != suspicion.suspect.version;
    const bool counts =
        (in_process || (is_release && !cured)) && cause::IsDecisive(vector[i], suspicion.suspect);
    if (!counts || again[i].cell != vector[i].cell) {
      vector[i].cell = cause::Cell::NotAble;
    } else if (!in_process && vector[i].cell == cause::Cell::Pass) {
      cured = true;
    }
  }
  return vector;
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

std::function<bool(const testcase::TestCase&, const engine::EngineSpec&)> SameCause(
    const CaseRun& run, const diff::Verdict& verdict, const std::function<bool()>& stop) {
  const bool is_slab = verdict.suspect.kind == engine::EngineKind::Slab;
  if (!is_slab && (verdict.suspect.version.empty() || run.installed.empty())) return {};
  if (Hangs(verdict)) return {};
  cause::Suspicion suspicion{.reference = run.engines.front(),
                             .suspect = {},
                             .releases = {run.installed, [stop] { stop(); }},
                             .lab = run.candidates};
  return [suspicion, vector = std::optional<cause::VariantVector>()](
             const testcase::TestCase& each, const engine::EngineSpec& suspect) mutable {
    const auto prepared = diff::Prepare(each);
    if (!prepared) return false;
    if (vector && suspect == suspicion.suspect) {
      return cause::Gives(*vector, *prepared, suspicion);
    }
    suspicion.suspect = suspect;
    vector = SteadyReleases(*prepared, suspicion);
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
