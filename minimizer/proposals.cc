#include "minimizer/proposals.h"

#include <algorithm>
#include <numeric>

namespace slabhound::minimizer {

using rewrite::Edit;
using rewrite::Node;
using testcase::TestCase;

namespace {

// Changes [first, end) at one go. They are tried when those around them, of which they are a half,
// were not accepted.
struct Chunk {
  size_t first = 0, end = 0;
  uint64_t weight = 0;
  size_t around = 0;
  bool is_second = false;
  bool done = false;  // accepted, or known not to be: its halves may
};

// All chunks of changes with these weights, large ones first, without those that are too small.
std::vector<Chunk> ChunksOf(std::span<const uint64_t> weights, const Round& round) {
  std::vector<uint64_t> sums(weights.size() + 1, 0);
  std::partial_sum(weights.begin(), weights.end(), sums.begin() + 1);
  const auto weight = [&](size_t first, size_t end) { return sums[end] - sums[first]; };
  std::vector<Chunk> chunks;
  const auto add = [&](Chunk chunk) {
    chunk.weight = weight(chunk.first, chunk.end);
    if (chunk.weight >= round.bytes_min) chunks.push_back(chunk);
  };
  add({.first = 0, .end = weights.size()});
  for (size_t i = 0; i < chunks.size(); ++i) {
    const size_t first = chunks[i].first, end = chunks[i].end;
    if (end - first < 2) continue;
    const uint64_t half = sums[first] + (chunks[i].weight + 1) / 2;
    const auto found = std::lower_bound(sums.begin() + static_cast<ptrdiff_t>(first) + 1,
                                        sums.begin() + static_cast<ptrdiff_t>(end) - 1, half);
    const auto middle = static_cast<size_t>(found - sums.begin());
    add({.first = first, .end = middle, .around = i});
    add({.first = middle, .end = end, .around = i, .is_second = true});
  }
  return chunks;
}

}  // namespace

bool TrySubsets(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make) {
  if (weights.empty()) return false;
  std::vector<Chunk> chunks = ChunksOf(weights, reduction.round());
  std::vector<uint8_t> taken(weights.size(), 0);
  return reduction.TryEach(
      {.count = chunks.size(),
       .at = [&](size_t place) -> std::optional<TestCase> {
         const Chunk& chunk = chunks[place];
         if (chunk.done || taken[chunk.first] != 0) return std::nullopt;
         if (chunk.weight > reduction.round().bytes_max) return std::nullopt;
         std::vector<size_t> changes;
         for (size_t i = 0; i < taken.size(); ++i) {
           if (taken[i] != 0 || (i >= chunk.first && i < chunk.end)) changes.push_back(i);
         }
         return make(changes);
       },
       .accepted =
           [&](size_t place) {
             const Chunk& chunk = chunks[place];
             std::fill(&taken[chunk.first], taken.data() + chunk.end, uint8_t{1});
             const bool has_second = place + 1 < chunks.size() && chunks[place + 1].is_second &&
                                     chunks[place + 1].around == chunk.around;
             if (has_second && !chunk.is_second) chunks[place + 1].done = true;
           }});
}

bool TrySubsets(Reduction& reduction, size_t count, uint64_t weight, const Maker& make) {
  return TrySubsets(reduction, std::vector<uint64_t>(count, weight), make);
}

bool TryEdits(Reduction& reduction, const std::vector<Edit>& edits) {
  constexpr uint64_t kBytesPerInstr = 2;
  std::vector<uint64_t> weights;
  for (const Edit& edit : edits) {
    const uint64_t size = edit.range.end - edit.range.first;
    weights.push_back(size > edit.with.size() ? kBytesPerInstr * (size - edit.with.size()) : 1);
  }
  const TestCase base = reduction.current();
  return TrySubsets(reduction, weights, [&](const std::vector<size_t>& changes) {
    std::vector<Edit> chosen;
    for (const size_t i : changes) chosen.push_back(edits[i]);
    return TestCase{rewrite::ApplyEdits(base.module, chosen), base.plan};
  });
}

bool RewriteNodes(Reduction& reduction, const EditMaker& maker) {
  bool any = false;
  for (uint32_t level = 0;; ++level) {
    const auto view = reduction.View();
    std::vector<Edit> edits;
    bool deeper = false;
    for (uint32_t f = 0; f < view->trees.size(); ++f) {
      if (view->trees[f].levels <= level) continue;
      deeper = true;
      for (const Node& node : view->trees[f].nodes) {
        if (node.level != level) continue;
        if (auto with = maker(*view, f, node)) {
          edits.push_back({f, {node.first, node.last + 1}, *std::move(with)});
        }
      }
    }
    if (!deeper || reduction.Stopped()) return any;
    any |= TryEdits(reduction, rewrite::Outermost(std::move(edits)));
  }
}

}  // namespace slabhound::minimizer
