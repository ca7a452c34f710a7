#include "campaign/masking.h"

#include <algorithm>

#include "cause/ingredients.h"
#include "diff/compare.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::campaign {
namespace {

bool PassesWithout(const testcase::TestCase& test_case, const std::string& ingredient,
                   const CaseRun& run) {
  testcase::TestCase without = test_case;
  without.module = cause::Ablate(test_case.module, ingredient);
  const auto prepared = diff::Prepare(std::move(without));
  return prepared && !diff::Judge(*prepared, run.engines, run.lab.WithoutRecurrence()).is_finding();
}

}  // namespace

std::optional<std::string> ExplainedBy(const testcase::TestCase& test_case,
                                       const std::vector<KnownCause>& causes, const CaseRun& run) {
  const auto has = [&](const std::string& each) {
    return cause::HasIngredient(test_case.module, each);
  };
  const auto passes = [&](const std::string& each) { return PassesWithout(test_case, each, run); };
  for (const KnownCause& cause : causes) {
    if (!cause.ingredients.empty() && std::ranges::all_of(cause.ingredients, has) &&
        std::ranges::all_of(cause.ingredients, passes)) {
      return cause.slug;
    }
  }
  return std::nullopt;
}

Bytes Without(Bytes module, const std::vector<std::string>& ingredients) {
  if (ingredients.empty()) return module;
  auto decoded = wasm::Decode(module);
  if (!decoded || !diff::Prepare({*decoded, {}})) return module;
  for (const std::string& each : ingredients) *decoded = cause::Ablate(*decoded, each);
  return wasm::Encode(*decoded);
}

}  // namespace slabhound::campaign
