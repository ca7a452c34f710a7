// Numeric operators (spec 4.3) as functions on C++ numbers.
//
// 1. Integers are unsigned; operators that read them as signed say so by their name.
// 2. A NaN that arithmetic makes is the positive canonical one (machine/machine.h, 6).
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "base/result.h"
#include "machine/outcome.h"

namespace slabhound::oracle {

template <std::unsigned_integral T>
constexpr auto AsSigned(T value) {
  return static_cast<std::make_signed_t<T>>(value);
}
template <std::unsigned_integral T>
inline constexpr T kSignBit = T{1} << (std::numeric_limits<T>::digits - 1);

// Spec 4.3.2, integer operations. Shift and rotation counts are taken modulo the width.
template <std::unsigned_integral T>
constexpr unsigned Count(T value) {
  return static_cast<unsigned>(value % std::numeric_limits<T>::digits);
}
template <std::unsigned_integral T>
constexpr T ShiftLeft(T a, T b) {
  return a << Count(b);
}
template <std::unsigned_integral T>
constexpr T ShiftRightSigned(T a, T b) {
  return static_cast<T>(AsSigned(a) >> Count(b));
}
template <std::unsigned_integral T>
constexpr T ShiftRightUnsigned(T a, T b) {
  return a >> Count(b);
}
template <std::unsigned_integral T>
constexpr T RotateLeft(T a, T b) {
  return std::rotl(a, static_cast<int>(Count(b)));
}
template <std::unsigned_integral T>
constexpr T RotateRight(T a, T b) {
  return std::rotr(a, static_cast<int>(Count(b)));
}

template <typename T>
using Trapping = Result<T, machine::TrapKind>;

template <std::unsigned_integral T>
constexpr Trapping<T> DivideSigned(T a, T b) {
  if (b == 0) return Fail(machine::TrapKind::IntegerDivideByZero);
  if (a == kSignBit<T> && b == ~T{0}) return Fail(machine::TrapKind::IntegerOverflow);
  return static_cast<T>(AsSigned(a) / AsSigned(b));
}
template <std::unsigned_integral T>
constexpr Trapping<T> DivideUnsigned(T a, T b) {
  if (b == 0) return Fail(machine::TrapKind::IntegerDivideByZero);
  return a / b;
}
template <std::unsigned_integral T>
constexpr Trapping<T> RemainderSigned(T a, T b) {
  if (b == 0) return Fail(machine::TrapKind::IntegerDivideByZero);
  if (b == ~T{0}) return T{0};  // the quotient may not be representable, the remainder is
  return static_cast<T>(AsSigned(a) % AsSigned(b));
}
template <std::unsigned_integral T>
constexpr Trapping<T> RemainderUnsigned(T a, T b) {
  if (b == 0) return Fail(machine::TrapKind::IntegerDivideByZero);
  return a % b;
}

// Reads the low bits as a Narrow and sign-extends them.
template <typename Narrow, std::unsigned_integral T>
constexpr T ExtendSigned(T value) {
  return static_cast<T>(static_cast<Narrow>(value));
}

// Spec 4.3.3, floating-point operations.
template <std::floating_point T>
T Canonical(T value) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  constexpr Bits kNan = sizeof(T) == 4 ? Bits{0x7fc0'0000} : static_cast<Bits>(0x7ff8ull << 48);
  return std::isnan(value) ? std::bit_cast<T>(kNan) : value;
}
template <std::floating_point T>
T Minimum(T a, T b) {
  if (std::isnan(a) || std::isnan(b)) return Canonical(std::numeric_limits<T>::quiet_NaN());
  if (a == b) return std::signbit(a) ? a : b;  // -0 is less than +0
  return a < b ? a : b;
}
template <std::floating_point T>
T Maximum(T a, T b) {
  if (std::isnan(a) || std::isnan(b)) return Canonical(std::numeric_limits<T>::quiet_NaN());
  if (a == b) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
// To the nearest integer, ties to even: the default rounding mode, which nobody here changes.
template <std::floating_point T>
T Nearest(T value) {
  return Canonical(std::nearbyint(value));
}

// On bits: NaNs keep their payload.
template <std::unsigned_integral T>
constexpr T CopySign(T a, T b) {
  return (a & ~kSignBit<T>) | (b & kSignBit<T>);
}

// Spec 4.3.4, conversions. To is an integer type, signed or not.
template <std::integral To, std::floating_point From>
bool Fits(From truncated) {
  constexpr int kBits = std::numeric_limits<To>::digits;
  const From above = std::ldexp(From{1}, kBits);  // exact: one more than the largest To
  return truncated < above && truncated >= (std::is_signed_v<To> ? -above : From{0});
}
template <std::integral To, std::floating_point From>
Trapping<To> Truncate(From value) {
  if (std::isnan(value)) return Fail(machine::TrapKind::InvalidConversion);
  const From truncated = std::trunc(value);
  if (!Fits<To>(truncated)) return Fail(machine::TrapKind::IntegerOverflow);
  return static_cast<To>(truncated);
}
template <std::integral To, std::floating_point From>
To TruncateSaturating(From value) {
  if (std::isnan(value)) return 0;
  const From truncated = std::trunc(value);
  if (Fits<To>(truncated)) return static_cast<To>(truncated);
  return truncated < 0 ? std::numeric_limits<To>::min() : std::numeric_limits<To>::max();
}

}  // namespace slabhound::oracle
