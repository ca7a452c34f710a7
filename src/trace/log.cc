#include "trace/log.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace slabhound::trace {

uint64_t MemoryHash(ByteSpan bytes, uint64_t start, uint64_t hash) {
  // Almost all of a memory is zero: a block is looked at as a whole first.
  static constexpr std::array<uint8_t, 1024> kZeros = {};
  for (size_t block = 0; block < bytes.size(); block += kZeros.size()) {
    const size_t end = std::min(block + kZeros.size(), bytes.size());
    if (std::memcmp(bytes.data() + block, kZeros.data(), end - block) == 0) continue;
    for (size_t at = block; at < end; at += sizeof(uint64_t)) {
      uint64_t word;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if (word != 0) hash = HashCombine(HashCombine(hash, start + at), word);
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
