// LEB128, the integers of the Wasm binary format (spec 5.2.2): bounded, exact, no overlong forms
// beyond ceil(N/7).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace slabhound {

enum class LebStatus : uint8_t { Ok, UnexpectedEnd, TooLong, TooLarge };

template <typename T>
struct Leb {
  LebStatus status = LebStatus::Ok;
  T value{};
  size_t size = 0;  // bytes consumed when Ok
};

// Reads an unsigned N-bit integer at the front of `bytes`; N is 32 or 64.
template <typename T>
Leb<T> ReadUnsignedLeb(ByteSpan bytes) {
  constexpr unsigned kBits = sizeof(T) * 8, kBytesMax = (kBits + 6) / 7;
  T value = 0;
  for (unsigned i = 0; i < kBytesMax; ++i) {
    if (i >= bytes.size()) return {LebStatus::UnexpectedEnd, 0, 0};
    const uint8_t byte = bytes[i];
    const unsigned shift = 7 * i;
    if (i + 1 == kBytesMax) {
      if (byte & 0x80) return {LebStatus::TooLong, 0, 0};
      if (byte >> (kBits - shift)) return {LebStatus::TooLarge, 0, 0};
    }
    value = static_cast<T>(value | (static_cast<T>(byte & 0x7f) << shift));
    if (!(byte & 0x80)) return {LebStatus::Ok, value, i + 1};
  }
  return {LebStatus::TooLong, 0, 0};
}

// Reads a signed integer of `bits` bits (32, 33 or 64), sign-extended to 64.
inline Leb<int64_t> ReadSignedLeb(ByteSpan bytes, unsigned bits) {
  const unsigned bytes_max = (bits + 6) / 7;
  uint64_t value = 0;
  for (unsigned i = 0; i < bytes_max; ++i) {
    if (i >= bytes.size()) return {LebStatus::UnexpectedEnd, 0, 0};
    const uint8_t byte = bytes[i];
    const unsigned shift = 7 * i;
    if (i + 1 == bytes_max) {
      if (byte & 0x80) return {LebStatus::TooLong, 0, 0};
      // The unused high bits must all equal the sign bit.
      const unsigned used = bits - shift;
      const int extended = static_cast<int8_t>(static_cast<uint8_t>(byte << 1)) >> used;
      if (extended != 0 && extended != -1) return {LebStatus::TooLarge, 0, 0};
    }
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      if ((byte & 0x40) && shift + 7 < 64) value |= ~uint64_t{0} << (shift + 7);
      return {LebStatus::Ok, static_cast<int64_t>(value), i + 1};
    }
  }
  return {LebStatus::TooLong, 0, 0};
}

inline void AppendUnsignedLeb(Bytes& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<uint8_t>(value));
}

inline void AppendSignedLeb(Bytes& out, int64_t value) {
  for (;;) {
    const auto byte = static_cast<uint8_t>(value & 0x7f);
    value >>= 7;
    const bool done = (value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40));
    out.push_back(done ? byte : static_cast<uint8_t>(byte | 0x80));
    if (done) return;
  }
}

}  // namespace slabhound
