// What a finding's engines do beside the case, settled so that the case says it.
//
// 1. The suspect collects only where the case has calls for it: the collections that it drew, or
//    that its schedule has, become instructions (diff/materialize.h). Where none is needed it does
//    none at all.
// 2. It keeps as few options as give the signature; the slab engine is as it is by default, part by
//    part.
// 3. Of the other engines the reference stays alone: a candidate is run on two.
// Each of these holds where the signature stays with it; else what was is kept.
#pragma once

#include "minimizer/predicate.h"

namespace slabhound::minimizer {

// Changes the engines of `keep`, and the case.
void Settle(testcase::TestCase& input, Keep& keep);

// Rule 2, and the end of collections when a reduced case has no calls for them.
void SettleEngine(const testcase::TestCase& test_case, Keep& keep);

}  // namespace slabhound::minimizer
