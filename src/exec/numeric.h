// Numeric semantics of the slab engine (spec 4.3), on register words.
//
// 1. NaN results that the specification leaves open are the positive canonical NaN
// (machine/machine.h, point 6).
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace slabhound::exec::numeric {

inline float F32(uint64_t word) { return std::bit_cast<float>(static_cast<uint32_t>(word)); }
inline double F64(uint64_t word) { return std::bit_cast<double>(word); }
inline uint64_t Word(float value) { return std::bit_cast<uint32_t>(value); }
inline uint64_t Word(double value) { return std::bit_cast<uint64_t>(value); }

// A result of arithmetic: any NaN becomes the canonical one.
template <typename T>
uint64_t Canonical(T value) {
  if (std::isnan(value)) return Word(std::numeric_limits<T>::quiet_NaN());
  return Word(value);
}

template <typename T>
uint64_t Min(T a, T b) {
  if (std::isnan(a) || std::isnan(b)) return Canonical(std::numeric_limits<T>::quiet_NaN());
  if (a == b) return Word(std::signbit(a) ? a : b);  // -0 is less than +0
  return Word(a < b ? a : b);
}

template <typename T>
uint64_t Max(T a, T b) {
  if (std::isnan(a) || std::isnan(b)) return Canonical(std::numeric_limits<T>::quiet_NaN());
  if (a == b) return Word(std::signbit(a) ? b : a);
  return Word(a > b ? a : b);
}

// Whether truncating `value` gives an Integer. NaN does not.
template <typename Integer, typename T>
bool Fits(T value) {
  // Both bounds are exact in T: powers of two.
  const T high = std::ldexp(T{1}, std::numeric_limits<Integer>::digits);
  const T truncated = std::trunc(value);
  if constexpr (std::is_signed_v<Integer>) return truncated >= -high && truncated < high;
  return truncated >= 0 && truncated < high;
}

template <typename Integer, typename T>
Integer Saturate(T value) {
  if (std::isnan(value)) return 0;
  if (Fits<Integer>(value)) return static_cast<Integer>(value);
  return value < 0 ? std::numeric_limits<Integer>::min() : std::numeric_limits<Integer>::max();
}

// The sign bit of `sign` on `magnitude`, NaNs included.
template <typename T>
uint64_t CopySign(T magnitude, T sign) {
  return Word(std::copysign(magnitude, sign));
}

}  // namespace slabhound::exec::numeric
