// Which places of a module's code get a collection in its portable form.
//
// 1. A place stands before an instruction: at a function's entry, before and behind an allocation,
//    at a loop header, and, drawn more seldom, behind any other instruction. One place may be drawn
//    twice, for what stands behind one instruction and before the next.
// 2. What is drawn follows from the seed and from the bodies in their order. Behind a collection
//    that the module forces itself nothing is drawn, so that such calls come and go freely.
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "testcase/collections.h"

namespace slabhound::portable {

class Places {
 public:
  // Of so many places one is drawn; 0: none is. `collections` outlives it.
  Places(const testcase::Collections& collections, uint32_t one_in, uint64_t seed)
      : collections_(collections), one_in_(one_in), rng_(Rng(seed).Fork("gc points")) {}

  // Indices of instructions of the next body, in order.
  std::vector<uint32_t> Draw(const wasm::Body& body);

 private:
  bool Draws(uint32_t less) { return rng_.OneIn(uint64_t{one_in_} * less); }

  const testcase::Collections& collections_;
  uint32_t one_in_;
  Rng rng_;
};

}  // namespace slabhound::portable
