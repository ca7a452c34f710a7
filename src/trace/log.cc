#include "trace/log.h"

#include <cstring>

namespace slabhound::trace {

uint64_t MemoryHash(ByteSpan bytes) {
  uint64_t hash = 0;
  for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    if (word != 0) hash = HashCombine(HashCombine(hash, at), word);
  }
  return hash;
}

uint64_t LogHash(std::span<const uint64_t> words) {
  uint64_t hash = 0;
  for (const uint64_t word : words) hash = HashCombine(hash, word);
  return hash;
}

}  // namespace slabhound::trace
