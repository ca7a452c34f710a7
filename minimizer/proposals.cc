#include "minimizer/proposals.h"

#include <algorithm>

namespace slabhound::minimizer {

using rewrite::Edit;
using rewrite::Node;
using rewrite::View;

bool TrySubsets(Reduction& reduction, size_t count,
                const std::function<testcase::TestCase(const std::vector<size_t>&)>& make) {
  std::vector<uint8_t> taken(count, 0);
  bool any = false;
  for (size_t chunk = count; chunk > 0; chunk = chunk == 1 ? 0 : (chunk + 1) / 2) {
    for (size_t start = 0; start < count; start += chunk) {
      if (reduction.Stopped()) return any;
      const size_t end = std::min(count, start + chunk);
      if (std::all_of(&taken[start], taken.data() + end, [](uint8_t t) { return t != 0; })) {
        continue;
      }
      std::vector<size_t> changes;
      for (size_t i = 0; i < count; ++i) {
        if (taken[i] != 0 || (i >= start && i < end)) changes.push_back(i);
      }
      if (!reduction.Try(make(changes))) continue;
      any = true;
      std::fill(&taken[start], taken.data() + end, uint8_t{1});
    }
  }
  return any;
}

bool RewriteNodes(Reduction& reduction, const EditMaker& maker) {
  bool any = false;
  for (uint32_t level = 0;; ++level) {
    const View view = rewrite::MakeView(reduction.module());
    const testcase::TestCase base = reduction.current();
    std::vector<Edit> edits;
    bool deeper = false;
    for (uint32_t f = 0; f < view.trees.size(); ++f) {
      deeper |= view.trees[f].levels > level;
      for (const Node& node : view.trees[f].nodes) {
        if (node.level != level) continue;
        if (auto with = maker(view, f, node)) {
          edits.push_back({f, {node.first, node.last + 1}, *std::move(with)});
        }
      }
    }
    if (!deeper || reduction.Stopped()) return any;
    edits = rewrite::Outermost(std::move(edits));
    any |= TrySubsets(reduction, edits.size(), [&](const std::vector<size_t>& changes) {
      std::vector<Edit> chosen;
      for (const size_t i : changes) chosen.push_back(edits[i]);
      return testcase::TestCase{rewrite::ApplyEdits(base.module, chosen), base.plan};
    });
  }
}

}  // namespace slabhound::minimizer
