#include "rewrite/unused.h"

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Entity;
using rewrite::Space;

// What nothing reaches, with about the bytes that it takes.
struct Unreached {
  std::vector<Entity> entities;
  std::vector<uint64_t> weights;
};

Unreached UnreachedOf(const wasm::Module& module, const rewrite::UnusedOptions& options) {
  constexpr uint64_t kBytes = 4, kBytesPerInstr = 2;
  const rewrite::Kept kept = rewrite::Reachable(module, options);
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Func);
  Unreached unreached;
  for (size_t space = 0; space < kept.size(); ++space) {
    for (uint32_t i = 0; i < kept[space].size(); ++i) {
      if (kept[space][i] != 0) continue;
      uint64_t weight = kBytes;
      if (static_cast<Space>(space) == Space::Func && i >= imported) {
        weight += kBytesPerInstr * module.functions[i - imported].body.code.size();
      }
      if (static_cast<Space>(space) == Space::Data) weight += module.datas[i].bytes.size();
      unreached.entities.push_back({static_cast<Space>(space), i});
      unreached.weights.push_back(weight);
    }
  }
  return unreached;
}

// What is asked for may stand in code that nothing reaches: then all but that goes.
void DropSome(Reduction& reduction) {
  const rewrite::UnusedOptions careful{.split_groups = false, .drop_segments = false};
  const testcase::TestCase base = reduction.current();
  const Unreached unreached = UnreachedOf(base.module, careful);
  TrySubsets(reduction, unreached.weights, [&](const std::vector<size_t>& dropped) {
    std::vector<Entity> roots;
    auto next = dropped.begin();
    for (size_t i = 0; i < unreached.entities.size(); ++i) {
      if (next != dropped.end() && *next == i) {
        ++next;
      } else {
        roots.push_back(unreached.entities[i]);
      }
    }
    const rewrite::Kept kept = rewrite::Reachable(base.module, careful, roots);
    return testcase::TestCase{rewrite::KeepOnly(base.module, kept), base.plan};
  });
}

}  // namespace

// All of it at once, and in more careful steps where that loses the finding.
void ReduceUnused(Reduction& reduction) {
  for (const bool drop_segments : {true, false}) {
    for (const bool split_groups : {true, false}) {
      const rewrite::Kept kept =
          rewrite::Reachable(reduction.module(), {split_groups, drop_segments});
      if (reduction.Try(rewrite::KeepOnly(reduction.module(), kept))) return;
    }
  }
  DropSome(reduction);
}

}  // namespace slabhound::minimizer
