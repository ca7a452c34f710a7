#include <utility>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/declared.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

constexpr uint64_t kItemBytes = 4;  // about, and what it keeps in use

// Element segments first, then data segments.
std::vector<uint64_t> SegmentWeights(const wasm::Module& module) {
  std::vector<uint64_t> weights;
  for (const wasm::ElemSegment& elem : module.elems) {
    weights.push_back(1 + kItemBytes * elem.items.size());
  }
  for (const wasm::DataSegment& data : module.datas) weights.push_back(1 + data.bytes.size());
  return weights;
}

// Segments keep their index: an emptied one goes when nothing names it any more (unused).
void EmptySegments(Reduction& reduction) {
  const TestCase base = reduction.current();
  const size_t elems = base.module.elems.size();
  TrySubsets(reduction, SegmentWeights(base.module), [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    for (const size_t i : chosen) {
      if (i < elems) {
        candidate.module.elems[i].items.clear();
      } else {
        candidate.module.datas[i - elems].bytes.clear();
      }
    }
    rewrite::DeclareMissing(candidate.module);
    return candidate;
  });
}

// Active segments become passive, which unused drops.
void MakePassive(Reduction& reduction) {
  const TestCase base = reduction.current();
  const size_t elems = base.module.elems.size();
  TrySubsets(reduction, SegmentWeights(base.module), [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    const auto make_passive = [](auto& segment) {
      if (segment.mode == wasm::SegmentMode::Active) segment.mode = wasm::SegmentMode::Passive;
    };
    for (const size_t i : chosen) {
      if (i < elems) {
        make_passive(candidate.module.elems[i]);
      } else {
        make_passive(candidate.module.datas[i - elems]);
      }
    }
    return candidate;
  });
}

// Of all element segments together.
void DropItems(Reduction& reduction) {
  const TestCase base = reduction.current();
  std::vector<std::pair<size_t, size_t>> items;
  for (size_t e = 0; e < base.module.elems.size(); ++e) {
    for (size_t i = 0; i < base.module.elems[e].items.size(); ++i) items.emplace_back(e, i);
  }
  TrySubsets(reduction, items.size(), kItemBytes, [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    for (wasm::ElemSegment& elem : candidate.module.elems) elem.items.clear();
    auto dropped = chosen.begin();
    for (size_t i = 0; i < items.size(); ++i) {
      if (dropped != chosen.end() && *dropped == i) {
        ++dropped;
        continue;
      }
      const auto [e, item] = items[i];
      candidate.module.elems[e].items.push_back(base.module.elems[e].items[item]);
    }
    rewrite::DeclareMissing(candidate.module);
    return candidate;
  });
}

// The first half of a data segment, as long as that will do; single bytes come last (bytes).
void HalveData(Reduction& reduction) {
  for (size_t d = 0; d < reduction.module().datas.size() && !reduction.Stopped(); ++d) {
    for (size_t bytes = reduction.module().datas[d].bytes.size(); bytes > 1;) {
      bytes /= 2;
      if (bytes < reduction.round().bytes_min) break;
      TestCase candidate = reduction.current();
      candidate.module.datas[d].bytes.resize(bytes);
      if (!reduction.Try(std::move(candidate))) break;
    }
  }
}

void ShrinkLimits(Reduction& reduction) {
  const auto shrink = [&](auto member, size_t count) {
    for (size_t i = 0; i < count && !reduction.Stopped(); ++i) {
      TestCase candidate = reduction.current();
      wasm::Limits& limits = (candidate.module.*member)[i].type.limits;
      limits.max.reset();
      reduction.Try(candidate);
      limits.min = 0;
      if (!reduction.Try(candidate)) {
        limits.min = 1;
        reduction.Try(std::move(candidate));
      }
    }
  };
  shrink(&wasm::Module::tables, reduction.module().tables.size());
  shrink(&wasm::Module::memories, reduction.module().memories.size());
}

}  // namespace

void ReduceDefinitions(Reduction& reduction) {
  if (reduction.module().start) {
    TestCase candidate = reduction.current();
    candidate.module.start.reset();
    reduction.Try(std::move(candidate));
  }
  EmptySegments(reduction);
  MakePassive(reduction);
  DropItems(reduction);
  HalveData(reduction);
  if (reduction.round().is_full()) ShrinkLimits(reduction);
}

}  // namespace slabhound::minimizer
