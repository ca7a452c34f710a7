#include <algorithm>

#include "minimizer/reducer.h"
#include "minimizer/rewrite.h"

namespace slabhound::minimizer {

void ReduceDeadCode(Reduction& reduction) {
  const View view = MakeView(reduction.module());
  const testcase::TestCase base = reduction.current();
  std::vector<Edit> edits;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    std::vector<Range> dead = view.trees[f].dead;
    std::ranges::sort(dead, {}, &Range::first);
    for (const Range& range : dead) {
      // A dead range may hold others.
      const bool inside =
          !edits.empty() && edits.back().function == f && range.first < edits.back().range.end;
      if (!inside) edits.push_back({f, range, {}});
    }
  }
  TrySubsets(reduction, edits.size(), [&](const std::vector<size_t>& chosen) {
    std::vector<Edit> some;
    for (const size_t i : chosen) some.push_back(edits[i]);
    return testcase::TestCase{ApplyEdits(base.module, some), base.plan};
  });
}

}  // namespace slabhound::minimizer
