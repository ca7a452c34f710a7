// Goal: whatever happens can be told from anything else that does by its text.
#include "trace/happening.h"

#include <gtest/gtest.h>

#include <set>

#include "trace/fixture.h"

namespace slabhound::trace {
namespace {

TEST(HappeningText, OfEachKind) {
  std::vector<std::string> texts;
  for (const Happening& each : OneOfEach()) texts.push_back(HappeningText(each));
  EXPECT_EQ(
      texts,
      (std::vector<std::string>{
          "ok", "returns i32 7 null", "trap Unreachable", "throws object 0000000000000007",
          "exhausted fuel", "refused: why", "rejected by the engine: why", "no such export",
          "an exception came out", "a log that cannot be read at word 7",
          "a large object that is not what was asked for", "crash: SIGSEGV",
          "returns where it must trap", "i32 7, i32 7", "i32 7", "7 elements, 0000000000000008",
          "7 bytes, 0000000000000008", "7, 0000000000000008"}));
}

TEST(HappeningText, NoTwoKindsShareOne) {
  const std::vector<Happening> all = OneOfEach();
  ASSERT_EQ(all.size(), std::variant_size_v<Happening>);
  std::set<std::string> texts;
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].index(), i);
    EXPECT_TRUE(texts.insert(HappeningText(all[i])).second) << HappeningText(all[i]);
  }
}

TEST(HappeningText, SaysWhatEachKindHolds) {
  EXPECT_EQ(HappeningText(Returned{}), "returns");
  EXPECT_EQ(HappeningText(Trapped{TrapSet::Any()}), "trap ?");
  EXPECT_EQ(HappeningText(NotCalled{.exported = true}), "skipped: no argument of its type");
  EXPECT_EQ(HappeningText(Unreadable{7, TrapSet(machine::TrapKind::CastFailure)}),
            "trap CastFailure with a log that cannot be read at word 7");
  EXPECT_EQ(HappeningText(Misjudged{false, "exit code 1: bad"}),
            "fails where it must return: exit code 1: bad");
  EXPECT_EQ(HappeningText(Failed{FailureKind::Panic, "stale id"}), "stale id");
  EXPECT_EQ(HappeningText(Failed{FailureKind::Timeout, ""}), "timeout");
  EXPECT_EQ(HappeningText(Imported{}), "");
  EXPECT_EQ(HappeningText(Exhausted{Limit::Instruction, wasm::Opcode::I8x16Shuffle}),
            "needs SIMD: i8x16.shuffle");
}

TEST(LimitText, NoTwoLimitsShareOne) {
  std::set<std::string_view> texts;
  for (uint8_t limit = 0; limit <= static_cast<uint8_t>(Limit::Other); ++limit) {
    const std::string_view text = LimitText(static_cast<Limit>(limit));
    EXPECT_FALSE(text.empty());
    EXPECT_TRUE(texts.insert(text).second) << text;
  }
  EXPECT_EQ(LimitText(LimitOf(machine::Resource::Fuel)), "fuel");
  EXPECT_EQ(LimitText(LimitOf(machine::Resource::CallDepth)), "call-depth");
  EXPECT_EQ(LimitText(LimitOf(machine::Resource::ObjectSize)), "object-size");
  EXPECT_EQ(LimitText(LimitOf(machine::Resource::HugeObject)), "huge-object");
  EXPECT_EQ(LimitText(LimitOf(machine::Resource::Heap)), "heap");
}

TEST(FailureText, NoTwoKindsShareOne) {
  std::set<std::string> texts;
  for (uint8_t kind = 0; kind <= static_cast<uint8_t>(FailureKind::Leak); ++kind) {
    const auto failure = static_cast<FailureKind>(kind);
    EXPECT_TRUE(texts.insert(std::string(FailureName(failure))).second) << FailureName(failure);
    if (failure != FailureKind::Panic && failure != FailureKind::Leak) {
      EXPECT_EQ(FailureText(failure, "m"), std::string(FailureName(failure)) + ": m");
      EXPECT_EQ(FailureText(failure, ""), FailureName(failure));
    }
  }
}

TEST(ToldText, NoTwoKindsShareOne) {
  std::set<std::string> texts;
  for (uint8_t kind = 0; kind <= static_cast<uint8_t>(ToldKind::Cut); ++kind) {
    const std::string text = ToldText({static_cast<ToldKind>(kind), 5});
    EXPECT_TRUE(texts.insert(text).second) << text;
  }
  EXPECT_EQ(ToldText({ToldKind::I32, 0xffff'ffff}), "i32 -1");
  EXPECT_EQ(ToldText({ToldKind::F32, 0x7fc0'0000}), "f32 0x7fc00000");
}

}  // namespace
}  // namespace slabhound::trace
