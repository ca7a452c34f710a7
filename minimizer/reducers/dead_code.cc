#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {

void ReduceDeadCode(Reduction& reduction) {
  const rewrite::View view = rewrite::MakeView(reduction.module());
  const testcase::TestCase base = reduction.current();
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    std::vector<rewrite::Range> dead = view.trees[f].dead;
    std::ranges::sort(dead, {}, &rewrite::Range::first);
    for (const rewrite::Range& range : dead) {
      // A dead range may hold others.
      const bool inside =
          !edits.empty() && edits.back().function == f && range.first < edits.back().range.end;
      if (!inside) edits.push_back({f, range, {}});
    }
  }
  TrySubsets(reduction, edits.size(), [&](const std::vector<size_t>& chosen) {
    std::vector<rewrite::Edit> some;
    for (const size_t i : chosen) some.push_back(edits[i]);
    return testcase::TestCase{rewrite::ApplyEdits(base.module, some), base.plan};
  });
}

}  // namespace slabhound::minimizer
