// LEB128 against every boundary of 32, 33 and 64 bits, and against the forms the specification
// forbids.
#include "base/leb128.h"

#include <gtest/gtest.h>

#include <limits>

namespace slabhound {
namespace {

TEST(Leb128, UnsignedRoundTripsAtEveryBitLength) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const uint64_t value : {(uint64_t{1} << bit) - 1, uint64_t{1} << bit}) {
      Bytes bytes;
      AppendUnsignedLeb(bytes, value);
      const auto read = ReadUnsignedLeb<uint64_t>(bytes);
      EXPECT_EQ(read.status, LebStatus::Ok);
      EXPECT_EQ(read.value, value);
      EXPECT_EQ(read.size, bytes.size());
    }
  }
}

TEST(Leb128, SignedRoundTripsAtEveryBitLength) {
  for (unsigned bit = 0; bit < 63; ++bit) {
    const int64_t power = int64_t{1} << bit;
    for (const int64_t value : {power, -power, power - 1, -power - 1}) {
      Bytes bytes;
      AppendSignedLeb(bytes, value);
      const auto read = ReadSignedLeb(bytes, 64);
      EXPECT_EQ(read.status, LebStatus::Ok);
      EXPECT_EQ(read.value, value);
      EXPECT_EQ(read.size, bytes.size());
    }
  }
}

TEST(Leb128, ExtremesOfEachWidthAreRead) {
  for (const unsigned bits : {32u, 33u, 64u}) {
    const int64_t low =
        bits == 64 ? std::numeric_limits<int64_t>::min() : -(int64_t{1} << (bits - 1));
    for (const int64_t value : {low, -(low + 1)}) {
      Bytes bytes;
      AppendSignedLeb(bytes, value);
      EXPECT_EQ(ReadSignedLeb(bytes, bits).status, LebStatus::Ok) << bits;
      EXPECT_EQ(ReadSignedLeb(bytes, bits).value, value) << bits;
    }
  }
}

TEST(Leb128, ForbiddenFormsAreTold) {
  const Bytes long32 = {0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
  EXPECT_EQ(ReadUnsignedLeb<uint32_t>(long32).status, LebStatus::TooLong);
  EXPECT_EQ(ReadSignedLeb(long32, 32).status, LebStatus::TooLong);
  const Bytes large32 = {0xff, 0xff, 0xff, 0xff, 0x1f};
  EXPECT_EQ(ReadUnsignedLeb<uint32_t>(large32).status, LebStatus::TooLarge);
  const Bytes large_signed32 = {0xff, 0xff, 0xff, 0xff, 0x0f};
  EXPECT_EQ(ReadSignedLeb(large_signed32, 32).status, LebStatus::TooLarge);
  const Bytes cut = {0x80, 0x80};
  EXPECT_EQ(ReadUnsignedLeb<uint32_t>(cut).status, LebStatus::UnexpectedEnd);
  EXPECT_EQ(ReadSignedLeb(cut, 64).status, LebStatus::UnexpectedEnd);
  EXPECT_EQ(ReadUnsignedLeb<uint64_t>({}).status, LebStatus::UnexpectedEnd);
}

TEST(Leb128, PaddingWithinTheWidthIsAllowed) {
  const Bytes padded = {0x83, 0x80, 0x80, 0x80, 0x00};
  EXPECT_EQ(ReadUnsignedLeb<uint32_t>(padded).value, 3u);
  const Bytes minus_one = {0xff, 0xff, 0xff, 0xff, 0x7f};
  EXPECT_EQ(ReadSignedLeb(minus_one, 32).value, -1);
}

}  // namespace
}  // namespace slabhound
