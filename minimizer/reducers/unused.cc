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

// What holds others comes first: once that is gone, they may go in the same pass.
constexpr Space kHoldersFirst[] = {Space::Elem,   Space::Data, Space::Table, Space::Memory,
                                   Space::Global, Space::Func, Space::Tag,   Space::Type};

Unreached UnreachedOf(const wasm::Module& module, const rewrite::UnusedOptions& options) {
  constexpr uint64_t kBytes = 4, kBytesPerInstr = 2;
  const rewrite::Kept kept = rewrite::Reachable(module, options);
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Func);
  Unreached unreached;
  for (const Space space : kHoldersFirst) {
    const std::vector<uint8_t>& stays = kept[static_cast<size_t>(space)];
    for (uint32_t i = 0; i < stays.size(); ++i) {
      if (stays[i] != 0) continue;
      uint64_t weight = kBytes;
      if (space == Space::Func && i >= imported) {
        weight += kBytesPerInstr * module.functions[i - imported].body.code.size();
      }
      if (space == Space::Data) weight += module.datas[i].bytes.size();
      unreached.entities.push_back({space, i});
      unreached.weights.push_back(weight);
    }
  }
  return unreached;
}

}  // namespace

// All of it at once, then piece by piece where that loses the finding: without a use, an object may
// still be what a collector trips over.
void ReduceUnused(Reduction& reduction) {
  const rewrite::UnusedOptions options{.split_groups = true, .drop_segments = true};
  const testcase::TestCase base = reduction.current();
  const Unreached unreached = UnreachedOf(base.module, options);
  TrySubsets(reduction, unreached.weights, [&](const std::vector<size_t>& dropped) {
    // Whatever is not dropped stays with all that it reaches.
    std::vector<Entity> roots;
    auto next = dropped.begin();
    for (size_t i = 0; i < unreached.entities.size(); ++i) {
      if (next != dropped.end() && *next == i) {
        ++next;
      } else {
        roots.push_back(unreached.entities[i]);
      }
    }
    const rewrite::Kept kept = rewrite::Reachable(base.module, options, roots);
    return testcase::TestCase{rewrite::KeepOnly(base.module, kept), base.plan};
  });
}

}  // namespace slabhound::minimizer
