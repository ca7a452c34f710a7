#include "minimizer/proposals.h"

#include <algorithm>
#include <numeric>

namespace slabhound::minimizer {

using rewrite::Edit;
using rewrite::Node;
using testcase::TestCase;

namespace {

// Changes [first, end) at one go. They are tried when those around them, of which they are a part,
// were not accepted.
struct Chunk {
  size_t first = 0, end = 0;
  uint64_t weight = 0;
};

// A chunk that failed is cut into so many parts: with two, as many candidates again would go to
// chunks as go to single changes where none is accepted.
constexpr uint64_t kParts = 4;

// All chunks of changes with these weights, large ones first, without those that are too small.
std::vector<Chunk> ChunksOf(std::span<const uint64_t> weights, const Round& round) {
  std::vector<uint64_t> sums(weights.size() + 1, 0);
  std::partial_sum(weights.begin(), weights.end(), sums.begin() + 1);
  std::vector<Chunk> chunks;
  const auto add = [&](size_t first, size_t end) {
    const uint64_t weight = sums[end] - sums[first];
    if (weight >= round.bytes_min) chunks.push_back({first, end, weight});
  };
  add(0, weights.size());
  for (size_t i = 0; i < chunks.size(); ++i) {
    const Chunk chunk = chunks[i];
    if (chunk.end - chunk.first < 2) continue;
    size_t first = chunk.first;
    for (uint64_t part = 1; first < chunk.end; ++part) {
      // Each part has a change, and the last, which may be heavy, is alone if need be.
      const uint64_t sum = sums[chunk.first] + (chunk.weight * part + kParts - 1) / kParts;
      const auto from = sums.begin() + static_cast<ptrdiff_t>(first) + 1;
      const auto to = sums.begin() + static_cast<ptrdiff_t>(chunk.end) - 1;
      const auto found = from < to ? std::lower_bound(from, to, sum) : from;
      const size_t end = part == kParts ? chunk.end : static_cast<size_t>(found - sums.begin());
      add(first, end);
      first = end;
    }
  }
  return chunks;
}

bool TrySubsetsOfKind(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make) {
  if (weights.empty()) return false;
  const std::vector<Chunk> chunks = ChunksOf(weights, reduction.round());
  std::vector<uint8_t> taken(weights.size(), 0);
  return reduction.TryEach(
      {.count = chunks.size(),
       .at = [&](size_t place) -> std::optional<TestCase> {
         const Chunk& chunk = chunks[place];
         if (taken[chunk.first] != 0 || chunk.weight > reduction.round().bytes_max) {
           return std::nullopt;
         }
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
           }});
}

bool TryEditsOfKind(Reduction& reduction, const std::vector<Edit>& edits) {
  constexpr uint64_t kBytesPerInstr = 2;
  std::vector<uint64_t> weights;
  for (const Edit& edit : edits) {
    const uint64_t size = edit.range.end - edit.range.first;
    weights.push_back(size > edit.with.size() ? kBytesPerInstr * (size - edit.with.size()) : 1);
  }
  const TestCase base = reduction.current();
  return TrySubsetsOfKind(reduction, weights, [&](const std::vector<size_t>& changes) {
    std::vector<Edit> chosen;
    for (const size_t i : changes) chosen.push_back(edits[i]);
    return TestCase{rewrite::ApplyEdits(base.module, chosen), base.plan};
  });
}

}  // namespace

bool TrySubsets(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make) {
  return reduction.StartKind() && TrySubsetsOfKind(reduction, weights, make);
}

bool TrySubsets(Reduction& reduction, size_t count, uint64_t weight, const Maker& make) {
  return TrySubsets(reduction, std::vector<uint64_t>(count, weight), make);
}

bool TryEdits(Reduction& reduction, const std::vector<Edit>& edits) {
  return reduction.StartKind() && TryEditsOfKind(reduction, edits);
}

bool RewriteNodes(Reduction& reduction, const EditMaker& maker) {
  bool any = false;
  if (!reduction.StartKind()) return false;
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
    any |= TryEditsOfKind(reduction, rewrite::Outermost(std::move(edits)));
  }
}

}  // namespace slabhound::minimizer
