// Masking: a bug that fires in every third case must not hide the rest.
//
// 1. A cause is known by its ingredients: what its minimized case needs (cause/ingredients.h). A
//    new case is explained by it when it has all of them and passes without each one of them. It is
//    counted for that symptom, and not minimized.
// 2. That is told by runs, in the job that would have minimized the case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/case_run.h"
#include "campaign/report.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {

// More tell no more, and each costs a run.
inline constexpr size_t kIngredientsMax = 12;

// The slug of the first of these causes that explains the case. Requires: the case is valid.
std::optional<std::string> ExplainedBy(const testcase::TestCase& test_case,
                                       const std::vector<KnownCause>& causes, const CaseRun& run);

// The module without the ingredients, as far as they can be taken out; what is no valid module
// stays as it is.
Bytes Without(Bytes module, const std::vector<std::string>& ingredients);

}  // namespace slabhound::campaign
