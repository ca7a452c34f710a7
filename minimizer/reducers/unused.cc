#include "rewrite/unused.h"

#include "minimizer/reducer.h"

namespace slabhound::minimizer {

// All of it at once, and in more careful steps where that loses the finding.
void ReduceUnused(Reduction& reduction) {
  for (const bool drop_segments : {true, false}) {
    for (const bool split_groups : {true, false}) {
      const rewrite::Kept kept =
          rewrite::Reachable(reduction.module(), {split_groups, drop_segments});
      if (reduction.Try(rewrite::KeepOnly(reduction.module(), kept))) return;
    }
  }
}

}  // namespace slabhound::minimizer
