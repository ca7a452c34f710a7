// The instruction table against itself: lookups by code and by mnemonic find each row.
#include "wasm/opcode.h"

#include <gtest/gtest.h>

namespace slabhound::wasm {
namespace {

TEST(Opcode, EveryRowIsFoundByItsCode) {
  for (size_t i = 0; i < kOpcodeCount; ++i) {
    const OpcodeInfo& info = AllOpcodes()[i];
    EXPECT_EQ(FindOpcode(info.prefix, info.code), static_cast<Opcode>(i)) << info.name;
  }
  EXPECT_EQ(AllOpcodes().size(), kOpcodeCount);
}

TEST(Opcode, UnknownCodesAreNone) {
  for (const auto& [prefix, code] :
       {std::pair<uint8_t, uint32_t>{0, 0xff}, {0, 0x100}, {0xfb, 0x1f}, {0xfd, 0x114}, {1, 1}}) {
    EXPECT_EQ(FindOpcode(prefix, code), std::nullopt);
  }
}

TEST(Opcode, MnemonicsFindTheirFirstRow) {
  for (const OpcodeInfo& info : AllOpcodes()) {
    const auto found = FindMnemonic(info.text);
    ASSERT_TRUE(found.has_value()) << info.text;
    EXPECT_EQ(Info(*found).text, info.text);
  }
  EXPECT_EQ(FindMnemonic("select"), Opcode::Select);
  EXPECT_EQ(FindMnemonic("ref.test"), Opcode::RefTest);
  EXPECT_EQ(FindMnemonic("get_local"), std::nullopt);
}

TEST(Opcode, AccessesKnowTheirSize) {
  EXPECT_EQ(AccessBytes(Opcode::I64Load), 8u);
  EXPECT_EQ(AccessBytes(Opcode::I64Load32U), 4u);
  EXPECT_EQ(AccessBytes(Opcode::I32Store16), 2u);
  EXPECT_EQ(AccessBytes(Opcode::I32Load8S), 1u);
  EXPECT_EQ(AccessBytes(Opcode::MemorySize), 0u);
  EXPECT_EQ(AccessBytes(Opcode::V128Store), 16u);
  EXPECT_EQ(AccessBytes(Opcode::V128Store16Lane), 2u);
}

TEST(Opcode, LanesAreCounted) {
  EXPECT_EQ(LaneCount(Opcode::V128Load8Lane), 16u);
  EXPECT_EQ(LaneCount(Opcode::V128Store64Lane), 2u);
  EXPECT_EQ(LaneCount(Opcode::F32x4ReplaceLane), 4u);
  EXPECT_EQ(LaneCount(Opcode::I8x16ExtractLaneU), 16u);
  EXPECT_EQ(LaneCount(Opcode::F64x2ExtractLane), 2u);
  EXPECT_EQ(LaneCount(Opcode::I32Load), 0u);
}

}  // namespace
}  // namespace slabhound::wasm
