// Numbers of the text format: every form, the bounds of each width, correct rounding.
#include "text/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <optional>

namespace slabhound::text {
namespace {

std::optional<uint64_t> Bits(const Number& number) {
  if (number.status != NumberStatus::Ok) return std::nullopt;
  return number.bits;
}
uint64_t F64(double value) { return std::bit_cast<uint64_t>(value); }
uint64_t F32(float value) { return std::bit_cast<uint32_t>(value); }

TEST(Number, IntegersWithinTheirWidth) {
  EXPECT_EQ(Bits(ReadInteger("4294967295", 32)), 0xffff'ffffu);
  EXPECT_EQ(Bits(ReadInteger("-0x8000_0000", 32)), 0x8000'0000u);
  EXPECT_EQ(Bits(ReadInteger("+1", 32)), 1u);
  EXPECT_EQ(Bits(ReadInteger("-1", 64)), UINT64_MAX);
  EXPECT_EQ(Bits(ReadUnsigned("18446744073709551615", 64)), UINT64_MAX);
  for (const char* text : {"4294967296", "-2147483649"}) {
    EXPECT_EQ(ReadInteger(text, 32).status, NumberStatus::OutOfRange) << text;
  }
  EXPECT_EQ(ReadUnsigned("18446744073709551616", 64).status, NumberStatus::OutOfRange);
}

TEST(Number, MalformedOnesAreNoNumbers) {
  for (const char* text : {"", "_1", "1_", "1__0", "0x", "0xg", "1x", "- 1", "--1"}) {
    EXPECT_EQ(ReadInteger(text, 32).status, NumberStatus::NotANumber) << text;
  }
  for (const char* text : {"", ".5", "1e", "1e+", "0x1.p", "nan:", "nan:1", "infinity", "0x1e_"}) {
    EXPECT_EQ(ReadF64(text).status, NumberStatus::NotANumber) << text;
  }
}

TEST(Number, FloatsRoundToNearestEven) {
  EXPECT_EQ(Bits(ReadF32("0.1")), F32(0.1f));
  EXPECT_EQ(Bits(ReadF64("0x1.8p3")), F64(12));
  EXPECT_EQ(Bits(ReadF64("1.")), F64(1));
  EXPECT_EQ(Bits(ReadF64("-0x.8p1")), std::nullopt);
  EXPECT_EQ(Bits(ReadF32("0x1.000001p0")), F32(1.0f));                      // a tie, down to even
  EXPECT_EQ(Bits(ReadF32("0x1.000003p0")), F32(0x1.000004p0f));             // a tie, up to even
  EXPECT_EQ(Bits(ReadF32("0x1.00000100000000001p0")), F32(0x1.000002p0f));  // just above a tie
  EXPECT_EQ(Bits(ReadF64("-0")), F64(-0.0));
}

TEST(Number, TheEdgesOfTheRange) {
  EXPECT_EQ(ReadF32("3.5e38").status, NumberStatus::OutOfRange);
  EXPECT_EQ(ReadF64("1e309").status, NumberStatus::OutOfRange);
  EXPECT_EQ(ReadF32("0x1.ffffffp127").status, NumberStatus::OutOfRange);
  EXPECT_EQ(Bits(ReadF32("0x1.fffffep127")), 0x7f7f'ffffu);
  EXPECT_EQ(Bits(ReadF64("1e-400")), 0u);
  EXPECT_EQ(Bits(ReadF32("0x1p-149")), 1u);
  EXPECT_EQ(Bits(ReadF32("0x1p-150")), 0u);  // a tie, to zero
  EXPECT_EQ(Bits(ReadF32("0x1.8p-150")), 1u);
  EXPECT_EQ(Bits(ReadF64("0x1p-1074")), 1u);
}

TEST(Number, NansKeepTheirPayload) {
  EXPECT_EQ(Bits(ReadF32("nan")), 0x7fc0'0000u);
  EXPECT_EQ(Bits(ReadF32("-nan:0x1")), 0xff80'0001u);
  EXPECT_EQ(Bits(ReadF64("inf")), 0x7ff0'0000'0000'0000u);
  EXPECT_EQ(ReadF32("nan:0x0").status, NumberStatus::OutOfRange);
  EXPECT_EQ(ReadF32("nan:0x80_0000").status, NumberStatus::OutOfRange);
}

}  // namespace
}  // namespace slabhound::text
