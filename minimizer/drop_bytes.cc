#include "minimizer/drop_bytes.h"

#include <algorithm>

#include "minimizer/proposals.h"

namespace slabhound::minimizer {
namespace {

// Bytes [first, first + count) of one byte string of several.
struct Piece {
  size_t string = 0, first = 0, count = 0;
};

// All bytes, in pieces of one length: single ones where there are not too many.
std::vector<Piece> PiecesOf(const std::vector<const Bytes*>& strings) {
  constexpr size_t kPiecesMax = 1u << 16;
  size_t bytes = 0;
  for (const Bytes* string : strings) bytes += string->size();
  const size_t length = 1 + bytes / kPiecesMax;
  std::vector<Piece> pieces;
  for (size_t s = 0; s < strings.size(); ++s) {
    for (size_t at = 0; at < strings[s]->size(); at += length) {
      pieces.push_back({s, at, std::min(length, strings[s]->size() - at)});
    }
  }
  return pieces;
}

}  // namespace

void DropBytes(Reduction& reduction, const ByteStrings& strings_of) {
  testcase::TestCase base = reduction.current();
  const std::vector<Bytes*> all = strings_of(base.module);
  const std::vector<Piece> pieces = PiecesOf({all.begin(), all.end()});
  std::vector<uint64_t> weights;
  for (const Piece& piece : pieces) weights.push_back(piece.count);
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    const std::vector<Bytes*> strings = strings_of(candidate.module);
    for (Bytes* string : strings) string->clear();
    auto dropped = chosen.begin();
    for (size_t i = 0; i < pieces.size(); ++i) {
      if (dropped != chosen.end() && *dropped == i) {
        ++dropped;
        continue;
      }
      const auto first = all[pieces[i].string]->begin() + static_cast<ptrdiff_t>(pieces[i].first);
      Bytes& to = *strings[pieces[i].string];
      to.insert(to.end(), first, first + static_cast<ptrdiff_t>(pieces[i].count));
    }
    return candidate;
  });
}

}  // namespace slabhound::minimizer
