// Lanes of a vector as bits of its two words.
#pragma once

#include "exec/numeric.h"
#include "wasm/vector.h"

namespace slabhound::exec::lanes {

using wasm::V128;

constexpr uint64_t Mask(unsigned bits) {
  return bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
}

// The lane of that many bits at an index, zero-extended.
constexpr uint64_t Get(V128 vector, unsigned bits, uint64_t index) {
  const uint64_t bit = index * bits;
  return (bit < 64 ? vector.low : vector.high) >> (bit % 64) & Mask(bits);
}

constexpr V128 Set(V128 vector, unsigned bits, uint64_t index, uint64_t value) {
  const uint64_t bit = index * bits;
  uint64_t& half = bit < 64 ? vector.low : vector.high;
  half = (half & ~(Mask(bits) << (bit % 64))) | (value & Mask(bits)) << (bit % 64);
  return vector;
}

constexpr V128 Splat(unsigned bits, uint64_t value) {
  const uint64_t half = (value & Mask(bits)) * (~uint64_t{0} / Mask(bits));
  return {half, half};
}

// Lanes whose bits are all set where the test holds of both operands' lanes.
template <unsigned bits, typename Test>
constexpr V128 Where(V128 x, V128 y, Test test) {
  V128 result;
  for (unsigned i = 0; i < 128 / bits; ++i) {
    if (test(Get(x, bits, i), Get(y, bits, i))) result = Set(result, bits, i, Mask(bits));
  }
  return result;
}

template <unsigned bits>
constexpr bool AllTrue(V128 vector) {
  for (unsigned i = 0; i < 128 / bits; ++i) {
    if (Get(vector, bits, i) == 0) return false;
  }
  return true;
}

template <unsigned bits>
constexpr uint32_t Bitmask(V128 vector) {
  uint32_t mask = 0;
  for (unsigned i = 0; i < 128 / bits; ++i) {
    mask |= static_cast<uint32_t>(Get(vector, bits, i) >> (bits - 1)) << i;
  }
  return mask;
}

}  // namespace slabhound::exec::lanes
