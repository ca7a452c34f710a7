// Goal: the corners of the numeric operators that scripts of the specification leave to the engine,
// and those that are easily got wrong. The scripts themselves cover the rest.
#include "oracle/numeric.h"

#include <gtest/gtest.h>

namespace slabhound::oracle {
namespace {

constexpr uint32_t kNan32 = 0x7fc0'0000;
constexpr uint64_t kNan64 = 0x7ff8'0000'0000'0000;

uint32_t Bits(float value) { return std::bit_cast<uint32_t>(value); }
uint64_t Bits(double value) { return std::bit_cast<uint64_t>(value); }

TEST(Numeric, EveryNanOfArithmeticIsThePositiveCanonicalOne) {
  for (const uint32_t nan : {0x7f80'0001u, 0xffc0'0000u, 0xffff'ffffu, 0x7fa0'0000u}) {
    const auto value = std::bit_cast<float>(nan);
    EXPECT_EQ(Bits(Canonical(value + 1.0f)), kNan32);
    EXPECT_EQ(Bits(Minimum(value, 0.0f)), kNan32);
    EXPECT_EQ(Bits(Maximum(0.0f, value)), kNan32);
    EXPECT_EQ(Bits(Nearest(value)), kNan32);
    EXPECT_EQ(Bits(Canonical(static_cast<double>(value))), kNan64);
  }
  EXPECT_EQ(Bits(Canonical(std::sqrt(-1.0))), kNan64);
  EXPECT_EQ(Bits(Canonical(1.5)), Bits(1.5));
}

TEST(Numeric, ZerosHaveSigns) {
  EXPECT_EQ(Bits(Minimum(0.0f, -0.0f)), Bits(-0.0f));
  EXPECT_EQ(Bits(Minimum(-0.0f, 0.0f)), Bits(-0.0f));
  EXPECT_EQ(Bits(Maximum(0.0, -0.0)), Bits(0.0));
  EXPECT_EQ(Bits(Maximum(-0.0, 0.0)), Bits(0.0));
  EXPECT_EQ(Bits(Nearest(-0.4)), Bits(-0.0));
}

TEST(Numeric, NearestTiesToEven) {
  EXPECT_EQ(Nearest(0.5), 0.0);
  EXPECT_EQ(Nearest(1.5f), 2.0f);
  EXPECT_EQ(Nearest(2.5f), 2.0f);
  EXPECT_EQ(Nearest(-2.5), -2.0);
  EXPECT_EQ(Nearest(4503599627370497.5), 4503599627370498.0);
}

TEST(Numeric, TruncationStopsExactlyAtTheRange) {
  EXPECT_EQ(Truncate<int32_t>(2147483647.9), 2147483647);
  EXPECT_EQ(Truncate<int32_t>(-2147483648.9), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(Truncate<int32_t>(2147483648.0).error(), machine::TrapKind::IntegerOverflow);
  EXPECT_EQ(Truncate<int32_t>(-2147483649.0).error(), machine::TrapKind::IntegerOverflow);
  EXPECT_EQ(Truncate<uint32_t>(-0.9f), 0u);
  EXPECT_EQ(Truncate<uint32_t>(-1.0f).error(), machine::TrapKind::IntegerOverflow);
  EXPECT_EQ(Truncate<uint64_t>(18446744073709549568.0), 18446744073709549568u);
  EXPECT_EQ(Truncate<uint64_t>(18446744073709551616.0).error(), machine::TrapKind::IntegerOverflow);
  EXPECT_EQ(Truncate<int64_t>(-9223372036854775808.0f), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Truncate<int64_t>(9223372036854775808.0f).error(), machine::TrapKind::IntegerOverflow);
  EXPECT_EQ(Truncate<int32_t>(std::nan("")).error(), machine::TrapKind::InvalidConversion);
}

TEST(Numeric, SaturationStopsAtTheEnds) {
  EXPECT_EQ(TruncateSaturating<int32_t>(1e10), std::numeric_limits<int32_t>::max());
  EXPECT_EQ(TruncateSaturating<int32_t>(-1e10f), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(TruncateSaturating<uint32_t>(-5.0), 0u);
  EXPECT_EQ(TruncateSaturating<uint64_t>(1e30f), ~uint64_t{0});
  EXPECT_EQ(TruncateSaturating<int64_t>(std::nanf("")), 0);
  EXPECT_EQ(TruncateSaturating<int64_t>(-std::numeric_limits<double>::infinity()),
            std::numeric_limits<int64_t>::min());
}

TEST(Numeric, DivisionTrapsWhereItHasNoResult) {
  EXPECT_EQ(DivideSigned(0x8000'0000u, ~0u).error(), machine::TrapKind::IntegerOverflow);
  EXPECT_EQ(RemainderSigned(0x8000'0000u, ~0u), 0u);
  EXPECT_EQ(DivideSigned(7u, 0u).error(), machine::TrapKind::IntegerDivideByZero);
  EXPECT_EQ(RemainderUnsigned(uint64_t{7}, uint64_t{0}).error(),
            machine::TrapKind::IntegerDivideByZero);
  EXPECT_EQ(DivideSigned(static_cast<uint32_t>(-7), 2u), static_cast<uint32_t>(-3));
  EXPECT_EQ(RemainderSigned(static_cast<uint32_t>(-7), 2u), static_cast<uint32_t>(-1));
}

TEST(Numeric, ShiftCountsAreModuloTheWidth) {
  EXPECT_EQ(ShiftLeft(1u, 33u), 2u);
  EXPECT_EQ(ShiftRightSigned(0x8000'0000u, 63u), ~0u);
  EXPECT_EQ(ShiftRightUnsigned(uint64_t{1} << 63, uint64_t{127}), 1u);
  EXPECT_EQ(RotateLeft(0x8000'0001u, 1u), 3u);
  EXPECT_EQ(RotateRight(uint64_t{1}, uint64_t{65}), uint64_t{1} << 63);
}

}  // namespace
}  // namespace slabhound::oracle
