#include "trace/log.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace slabhound::trace {

uint64_t MemoryHash(ByteSpan bytes) {
  // Almost all of a memory is zero: a block is looked at as a whole first.
  constexpr size_t kBlockWords = 64;
  uint64_t hash = 0;
  for (size_t block = 0; block < bytes.size(); block += sizeof(uint64_t) * kBlockWords) {
    std::array<uint64_t, kBlockWords> words{};
    std::memcpy(words.data(), bytes.data() + block, std::min(sizeof(words), bytes.size() - block));
    uint64_t any = 0;
    for (const uint64_t word : words) any |= word;
    for (size_t i = 0; any != 0 && i < kBlockWords; ++i) {
      if (words[i] == 0) continue;
      hash = HashCombine(HashCombine(hash, block + i * sizeof(uint64_t)), words[i]);
    }
  }
  return hash;
}

uint64_t LogHash(std::span<const uint64_t> words) {
  uint64_t hash = 0;
  for (const uint64_t word : words) hash = HashCombine(hash, word);
  return hash;
}

}  // namespace slabhound::trace
