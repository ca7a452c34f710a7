#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {

void ReduceDeadCode(Reduction& reduction) {
  const auto view = reduction.View();
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < view->trees.size(); ++f) {
    std::vector<rewrite::Range> dead = view->trees[f].dead;
    std::ranges::sort(dead, {}, &rewrite::Range::first);
    for (const rewrite::Range& range : dead) {
      // A dead range may hold others.
      const bool inside =
          !edits.empty() && edits.back().function == f && range.first < edits.back().range.end;
      if (!inside) edits.push_back({f, range, {}});
    }
  }
  TryEdits(reduction, edits);
}

}  // namespace slabhound::minimizer
