// libFuzzer's hook: three in four mutations know the format, the others are libFuzzer's own.
#include <algorithm>

#include "fuzz/mutator.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max,
                                          unsigned seed) {
  slabhound::Rng rng(seed);
  if (!rng.OneIn(4)) {
    const auto mutated = slabhound::fuzz::MutateModule({data, size}, rng.Fork("module"));
    if (mutated && mutated->size() <= size_max) {
      std::ranges::copy(*mutated, data);
      return mutated->size();
    }
  }
  return LLVMFuzzerMutate(data, size, size_max);
}
