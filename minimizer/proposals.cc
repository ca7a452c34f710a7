#include "minimizer/proposals.h"

#include <algorithm>
#include <numeric>

#include "base/hash.h"

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

bool TrySubsetsOfKind(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make,
                      std::span<const uint64_t> changes) {
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
         std::vector<size_t> chosen;
         for (size_t i = 0; i < taken.size(); ++i) {
           if (taken[i] != 0 || (i >= chunk.first && i < chunk.end)) chosen.push_back(i);
         }
         return make(chosen);
       },
       .accepted =
           [&](size_t place) {
             const Chunk& chunk = chunks[place];
             std::fill(&taken[chunk.first], taken.data() + chunk.end, uint8_t{1});
           },
       .change = [&](size_t place) -> std::optional<uint64_t> {
         const auto [first, end, weight] = chunks[place];
         if (changes.empty() || end > first + 1) return std::nullopt;
         return changes[first];
       }});
}

// The same without those changes that the round skips.
bool TryOthersOfKind(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make,
                     std::span<const uint64_t> changes) {
  std::vector<size_t> others;
  std::vector<uint64_t> weights_of_others, others_changes;
  for (size_t i = 0; i < changes.size(); ++i) {
    if (reduction.Skips(changes[i])) continue;
    others.push_back(i);
    weights_of_others.push_back(weights[i]);
    others_changes.push_back(changes[i]);
  }
  const Maker make_of_others = [&](const std::vector<size_t>& chosen) {
    std::vector<size_t> places;
    for (const size_t i : chosen) places.push_back(others[i]);
    return make(places);
  };
  return TrySubsetsOfKind(reduction, weights_of_others, make_of_others, others_changes);
}

// What code becomes what other code.
uint64_t ChangeOf(const wasm::Module& module, const Edit& edit) {
  const auto& code = module.functions[edit.function].body.code;
  uint64_t hash = edit.range.end - edit.range.first;
  for (uint32_t i = edit.range.first; i < edit.range.end; ++i) hash = HashOf(hash, code[i]);
  for (const wasm::Instr& instr : edit.with) hash = HashOf(hash, instr);
  return hash;
}

bool TryEditsOfKind(Reduction& reduction, const std::vector<Edit>& edits) {
  constexpr uint64_t kBytesPerInstr = 2;
  std::vector<uint64_t> weights, changes;
  for (const Edit& edit : edits) {
    changes.push_back(ChangeOf(reduction.module(), edit));
    const uint64_t size = edit.range.end - edit.range.first;
    weights.push_back(size > edit.with.size() ? kBytesPerInstr * (size - edit.with.size()) : 1);
  }
  const TestCase base = reduction.current();
  const Maker make = [&](const std::vector<size_t>& chosen) {
    std::vector<Edit> some;
    for (const size_t i : chosen) some.push_back(edits[i]);
    return TestCase{rewrite::ApplyEdits(base.module, some), base.plan};
  };
  return TryOthersOfKind(reduction, weights, make, changes);
}

}  // namespace

uint64_t HashOf(uint64_t hash, const wasm::Instr& instr) {
  hash = HashCombine(hash, static_cast<uint64_t>(instr.op));
  return HashCombine(HashCombine(HashCombine(hash, instr.a), instr.b), instr.bits);
}

bool TrySubsets(Reduction& reduction, std::span<const uint64_t> weights, const Maker& make) {
  return reduction.StartKind() && TrySubsetsOfKind(reduction, weights, make, {});
}

bool TryChanges(Reduction& reduction, std::span<const uint64_t> changes, const Maker& make) {
  const std::vector<uint64_t> weights(changes.size(), 1);
  return reduction.StartKind() && TryOthersOfKind(reduction, weights, make, changes);
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
