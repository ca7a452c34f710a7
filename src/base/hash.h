// Stable hashing: the same value for the same bytes on every machine and run (xxHash, 64 bits).
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace slabhound {

uint64_t HashBytes(ByteSpan bytes, uint64_t seed = 0);

// Order-dependent: Combine(a, b) != Combine(b, a) in general.
constexpr uint64_t HashCombine(uint64_t a, uint64_t b) {
  uint64_t z = a * 0x9e3779b97f4a7c15u + b + 0x7f4a7c15u;
  z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93u;
  return z ^ (z >> 29);
}

// 16 lower-case hexadecimal digits.
std::string HashText(uint64_t hash);

}  // namespace slabhound
