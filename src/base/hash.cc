#include "base/hash.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace slabhound {

uint64_t HashBytes(ByteSpan bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string HashText(uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace slabhound
