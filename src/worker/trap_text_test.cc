#include "worker/trap_text.h"

#include <gtest/gtest.h>

namespace slabhound::worker {
namespace {

TEST(TrapText, AMessageMeansOneTrapOrSeveral) {
  EXPECT_EQ(TrapText(engine::EngineKind::V8, "illegal cast"), "CastFailure");
  EXPECT_EQ(TrapText(engine::EngineKind::V8, "float unrepresentable in integer range"),
            "IntegerOverflow|InvalidConversion");
  // The first row that fits.
  EXPECT_EQ(TrapText(engine::EngineKind::Jsc, "Out of bounds array.get"), "ArrayOutOfBounds");
  EXPECT_EQ(TrapText(engine::EngineKind::Wasmtime, "a new text"), "?");
}

TEST(TrapText, KindsOfWorkersAreNames) {
  EXPECT_EQ(TrapKindText("CastFailure"), "CastFailure");
  EXPECT_EQ(TrapKindText("CastFailure|Unreachable"), "Unreachable|CastFailure");
  EXPECT_EQ(TrapKindText("whatever"), "?");
  EXPECT_EQ(TrapKindText(""), "?");
}

TEST(TrapText, ComparisonIsAsCoarseAsTheCoarserEngine) {
  EXPECT_TRUE(TrapsAgree("CastFailure", "CastFailure"));
  EXPECT_FALSE(TrapsAgree("CastFailure", "NullReference"));
  EXPECT_TRUE(TrapsAgree("NullStructReference",
                         TrapText(engine::EngineKind::V8, "dereferencing a null pointer")));
  EXPECT_FALSE(
      TrapsAgree("CastFailure", TrapText(engine::EngineKind::V8, "dereferencing a null pointer")));
  EXPECT_TRUE(TrapsAgree("?", "Host"));
}

}  // namespace
}  // namespace slabhound::worker
