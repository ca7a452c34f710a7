#include "text/number.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <type_traits>

namespace slabhound::text {
namespace {

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// Takes digits with single underscores between them off the front, without the underscores; nothing
// if there are none.
std::optional<std::string> TakeDigits(std::string_view& text, int base) {
  std::string digits;
  bool last_was_digit = false;
  while (!text.empty()) {
    if (text[0] == '_') {
      if (!last_was_digit) return std::nullopt;
      last_was_digit = false;
    } else if (DigitValue(text[0]) < base) {
      digits += text[0];
      last_was_digit = true;
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  if (digits.empty() || !last_was_digit) return std::nullopt;
  return digits;
}

// A sign, taken off the front: '+', '-' or 0.
char TakeSign(std::string_view& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return 0;
  const char sign = text[0];
  text.remove_prefix(1);
  return sign;
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Number ReadMagnitude(std::string_view text) {
  const int base = TakePrefix(text, "0x") ? 16 : 10;
  const auto digits = TakeDigits(text, base);
  if (!digits || !text.empty()) return {};
  uint64_t value = 0;
  for (const char c : *digits) {
    uint64_t next;
    if (__builtin_mul_overflow(value, static_cast<uint64_t>(base), &next) ||
        __builtin_add_overflow(next, static_cast<uint64_t>(DigitValue(c)), &next)) {
      return {NumberStatus::OutOfRange, 0};
    }
    value = next;
  }
  return {NumberStatus::Ok, value};
}

template <typename Float, typename Bits>
struct Format {
  static constexpr unsigned kMantissaBits = std::numeric_limits<Float>::digits - 1;
  static constexpr Bits kSign = Bits{1} << (sizeof(Bits) * 8 - 1);
  static constexpr Bits kMantissaMask = (Bits{1} << kMantissaBits) - 1;
  static constexpr Bits kInfinity = std::bit_cast<Bits>(std::numeric_limits<Float>::infinity());
  static constexpr Bits kQuiet = Bits{1} << (kMantissaBits - 1);
};

// Rounded correctly, hexadecimal too. libc++ before 20 has no from_chars for these types; strtod
// does the same in the "C" locale, which nothing here leaves; what is too large is infinite there.
template <typename Float>
std::from_chars_result FromChars(const std::string& text, std::chars_format format, Float& value) {
  const char* end = text.data() + text.size();
  if constexpr (requires { std::from_chars(text.data(), end, value, format); }) {
    return std::from_chars(text.data(), end, value, format);
  } else {
    const std::string prefixed = (format == std::chars_format::hex ? "0x" : "") + text;
    value = std::is_same_v<Float, float>
                ? static_cast<Float>(std::strtof(prefixed.c_str(), nullptr))
                : static_cast<Float>(std::strtod(prefixed.c_str(), nullptr));
    return {end, std::errc()};
  }
}

template <typename Float, typename Bits>
Number ReadFinite(std::string_view text) {
  const bool is_hex = TakePrefix(text, "0x");
  const int base = is_hex ? 16 : 10;
  auto whole = TakeDigits(text, base);
  if (!whole) return {};
  std::string canonical = *whole;
  if (TakePrefix(text, ".")) {
    canonical += '.';
    if (!text.empty() && DigitValue(text[0]) < base) {
      const auto fraction = TakeDigits(text, base);
      if (!fraction) return {};
      canonical += *fraction;
    } else {
      canonical += '0';
    }
  }
  const char lower = is_hex ? 'p' : 'e';
  if (!text.empty() && (text[0] == lower || text[0] == lower - 'a' + 'A')) {
    text.remove_prefix(1);
    const char sign = TakeSign(text);
    const auto exponent = TakeDigits(text, 10);
    if (!exponent) return {};
    canonical += lower;
    if (sign == '-') canonical += '-';
    canonical += *exponent;
  }
  if (!text.empty()) return {};
  Float value{};
  const char* end = canonical.data() + canonical.size();
  const auto [rest, error] =
      FromChars(canonical, is_hex ? std::chars_format::hex : std::chars_format::general, value);
  if (error == std::errc::result_out_of_range) {
    // Too large is an error, too small is zero or rounded to the least number: only the first has a
    // large exponent.
    const double approximate =
        std::strtod((is_hex ? "0x" + canonical : canonical).c_str(), nullptr);
    if (approximate > 1) return {NumberStatus::OutOfRange, 0};
    // Halfway and above rounds to the least subnormal.
    const double least = std::ldexp(1.0, std::is_same_v<Float, float> ? -150 : -1074);
    const bool rounds_up =
        std::is_same_v<Float, float> ? approximate > least : approximate >= least;
    return {NumberStatus::Ok, rounds_up ? uint64_t{1} : 0};
  }
  if (error != std::errc() || rest != end) return {};
  if (std::isinf(value)) return {NumberStatus::OutOfRange, 0};
  return {NumberStatus::Ok, std::bit_cast<Bits>(value)};
}

template <typename Float, typename Bits>
Number ReadFloat(std::string_view text) {
  using F = Format<Float, Bits>;
  const Bits sign = TakeSign(text) == '-' ? F::kSign : 0;
  if (text == "inf") return {NumberStatus::Ok, static_cast<Bits>(sign | F::kInfinity)};
  if (text == "nan") return {NumberStatus::Ok, static_cast<Bits>(sign | F::kInfinity | F::kQuiet)};
  if (TakePrefix(text, "nan:0x")) {
    const auto digits = TakeDigits(text, 16);
    if (!digits || !text.empty()) return {};
    const Number payload = ReadMagnitude("0x" + *digits);
    if (payload.status != NumberStatus::Ok || payload.bits == 0 ||
        payload.bits > F::kMantissaMask) {
      return {NumberStatus::OutOfRange, 0};
    }
    return {NumberStatus::Ok,
            static_cast<Bits>(sign | F::kInfinity | static_cast<Bits>(payload.bits))};
  }
  Number number = ReadFinite<Float, Bits>(text);
  number.bits |= sign;
  return number;
}

template <typename Float, typename Bits>
std::string TextOf(Bits bits) {
  using F = Format<Float, Bits>;
  const std::string_view sign = (bits & F::kSign) != 0 ? "-" : "";
  const Bits magnitude = bits & ~F::kSign;
  if (magnitude == F::kInfinity) return fmt::format("{}inf", sign);
  if (magnitude > F::kInfinity) {
    const Bits payload = magnitude & F::kMantissaMask;
    if (payload == F::kQuiet) return fmt::format("{}nan", sign);
    return fmt::format("{}nan:0x{:x}", sign, payload);
  }
  char buffer[64];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, std::bit_cast<Float>(magnitude));
  static_cast<void>(error);
  return std::string(sign) + std::string(buffer, end);
}

}  // namespace

Number ReadUnsigned(std::string_view text, unsigned bits) {
  const Number number = ReadMagnitude(text);
  if (number.status == NumberStatus::Ok && bits < 64 && number.bits >> bits != 0)
    return {NumberStatus::OutOfRange, 0};
  return number;
}

Number ReadInteger(std::string_view text, unsigned bits) {
  const char sign = TakeSign(text);
  const Number number = ReadMagnitude(text);
  if (number.status != NumberStatus::Ok) return number;
  const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  const uint64_t magnitude_max = sign == '-' ? uint64_t{1} << (bits - 1) : mask;
  if (number.bits > magnitude_max) return {NumberStatus::OutOfRange, 0};
  return {NumberStatus::Ok, (sign == '-' ? ~number.bits + 1 : number.bits) & mask};
}

Number ReadF32(std::string_view text) { return ReadFloat<float, uint32_t>(text); }
Number ReadF64(std::string_view text) { return ReadFloat<double, uint64_t>(text); }
std::string FloatText(uint32_t bits) { return TextOf<float, uint32_t>(bits); }
std::string FloatText(uint64_t bits) { return TextOf<double, uint64_t>(bits); }

}  // namespace slabhound::text
