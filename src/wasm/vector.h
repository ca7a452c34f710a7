// V128: the bits of a vector.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace slabhound::wasm {

// 128 bits, as the little-endian bytes of a v128: `low` holds the first eight.
struct V128 {
  uint64_t low = 0, high = 0;
  friend auto operator<=>(const V128&, const V128&) = default;
};

inline V128 VectorOfBytes(const std::array<uint8_t, 16>& bytes) {
  V128 vector;
  for (size_t i = 0; i < 8; ++i) {
    vector.low |= uint64_t{bytes[i]} << (8 * i);
    vector.high |= uint64_t{bytes[i + 8]} << (8 * i);
  }
  return vector;
}
inline uint8_t ByteOf(V128 vector, size_t index) {
  return static_cast<uint8_t>((index < 8 ? vector.low : vector.high) >> (8 * (index % 8)));
}

}  // namespace slabhound::wasm
