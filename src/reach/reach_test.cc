// Names, what may be, and sums.
#include "reach/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace slabhound::reach {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

bool MayBe(std::string_view instruction, std::string_view type, State state = State::Generated) {
  const auto cell = FindCell(instruction, type);
  EXPECT_TRUE(cell.has_value()) << instruction << " " << type;
  return cell && MayHold(*cell, state);
}

TEST(Cell, HasOneNumberAndOneName) {
  std::set<std::pair<std::string, std::string>> names;
  for (uint32_t i = 0; i < kCellCount; ++i) {
    const Cell cell = CellAt(i);
    EXPECT_EQ(IndexOf(cell), i);
    EXPECT_EQ(FindCell(InstructionName(cell.instruction), TypeName(cell)), cell);
    names.emplace(InstructionName(cell.instruction), TypeName(cell));
  }
  EXPECT_EQ(names.size(), kCellCount);
  EXPECT_FALSE(FindCell("struct.new", "array of i7").has_value());
  EXPECT_FALSE(FindCell("i32.add", "any").has_value());
  EXPECT_EQ(FindState("tight"), State::Tight);
  EXPECT_FALSE(FindState("loose").has_value());
}

TEST(Cell, HasEachInstructionOfTheGcProposal) {
  for (const wasm::OpcodeInfo& info : wasm::AllOpcodes()) {
    if (info.feature != wasm::Feature::Gc) continue;
    const auto op = static_cast<wasm::Opcode>(&info - wasm::AllOpcodes().data());
    EXPECT_TRUE(FindInstruction(op).has_value()) << info.text;
  }
}

TEST(Cell, MayHoldWhatValidCodeCan) {
  EXPECT_TRUE(MayBe("array.new_data", "array of v128"));
  EXPECT_FALSE(MayBe("array.new_data", "array of references"));
  EXPECT_TRUE(MayBe("struct.new_default", "struct without fields"));
  EXPECT_FALSE(MayBe("struct.get", "struct without fields"));
  EXPECT_FALSE(MayBe("struct.get_s", "struct of numbers"));
  EXPECT_FALSE(MayBe("array.get", "array of i8"));
  EXPECT_TRUE(MayBe("ref.cast null", "noexn"));
  EXPECT_FALSE(MayBe("ref.cast null", "noexn or null"));  // the name of the instruction tells
  EXPECT_FALSE(MayBe("ref.eq", "any or null"));
  EXPECT_FALSE(MayBe("i31.get_u", "eq"));
  EXPECT_TRUE(MayBe("any.convert_extern", "noextern or null"));
  EXPECT_TRUE(MayBe("throw_ref", "noexn or null"));
  EXPECT_FALSE(MayBe("throw_ref", "extern"));
  // Nothing has the type (ref none), but code may speak of it.
  EXPECT_TRUE(MayBe("local.get", "none"));
  EXPECT_FALSE(MayBe("local.get", "none", State::Ran));
  EXPECT_TRUE(MayBe("local.get", "none or null", State::Tight));
  EXPECT_TRUE(MayBe("br_on_cast", "none", State::Ran));
}

TEST(Reach, SumsCasesAndForgetsGarbage) {
  const Cell cell = *FindCell("array.fill", "array of f32");
  const uint64_t reached = uint64_t{IndexOf(cell)} << kStateBits | 0b11;
  Reach one, other;
  one.Count({reached});
  one.Count({reached, UINT64_MAX, uint64_t{kCellCount} << kStateBits | 1});
  other.Count({reached | 0b100});
  EXPECT_EQ(one.CasesOf(cell, State::Ran), 2u);
  Reach sum = one, same = other;
  sum.Add(other);
  same.Add(one);
  EXPECT_EQ(sum, same);
  EXPECT_EQ(sum.CasesOf(cell, State::Generated), 3u);
  EXPECT_EQ(sum.CasesOf(cell, State::Fresh), 1u);
  EXPECT_THAT(Reach().Missing(State::Ran), Contains(cell));
  EXPECT_THAT(sum.Missing(State::Ran), Not(Contains(cell)));
}

TEST(Reach, ShowsWhatIsMissing) {
  Reach reach;
  reach.Add(*FindCell("array.fill", "array of f32"), State::Generated, 7);
  const std::string text = ReachText(reach);
  EXPECT_THAT(text, HasSubstr("array.fill                    1/8        0/8"));
  EXPECT_THAT(text, HasSubstr("  array.init_elem: array of references\n"));
  EXPECT_THAT(text, HasSubstr("never run:\n  array.fill: array of f32\n"));
  const auto json = nlohmann::json::parse(ReachJson(reach));
  for (const auto& cell : json["cells"]) {
    if (cell["instruction"] != "array.fill") continue;
    EXPECT_EQ(cell["cases"]["generated"], cell["type"] == "array of f32" ? 7 : 0);
    EXPECT_EQ(cell["cases"].size(), kStateCount);
  }
  EXPECT_EQ(json["states"].size(), kStateCount);
}

}  // namespace
}  // namespace slabhound::reach
