// Numbers of the text format (spec 6.3.1 and 6.3.2): integers and floats, decimal and hexadecimal,
// underscores. Floats are rounded correctly, to nearest, ties to even.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slabhound::text {

enum class NumberStatus : uint8_t { Ok, NotANumber, OutOfRange };

struct Number {
  NumberStatus status = NumberStatus::NotANumber;
  uint64_t bits = 0;
};

// An unsigned integer of `bits` bits.
Number ReadUnsigned(std::string_view text, unsigned bits);
// An integer of `bits` bits, signed or unsigned: from -2^(N-1) to 2^N - 1. The result has only
// those bits.
Number ReadInteger(std::string_view text, unsigned bits);
Number ReadF32(std::string_view text);
Number ReadF64(std::string_view text);

// The text of a float that reads back to the same bits.
std::string FloatText(uint32_t bits);
std::string FloatText(uint64_t bits);

}  // namespace slabhound::text
