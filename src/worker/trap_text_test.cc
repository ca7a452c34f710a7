#include "worker/trap_text.h"

#include <gtest/gtest.h>

namespace slabhound::worker {
namespace {

using engine::EngineKind;
using machine::TrapKind;
using trace::TrapSet;

TEST(TrapText, AMessageMeansOneTrapOrSeveral) {
  EXPECT_EQ(TrapsOf(EngineKind::V8, "illegal cast"), TrapSet(TrapKind::CastFailure));
  EXPECT_EQ(TrapsOf(EngineKind::V8, "float unrepresentable in integer range"),
            (TrapSet{TrapKind::IntegerOverflow, TrapKind::InvalidConversion}));
  // The first row that fits.
  EXPECT_EQ(TrapsOf(EngineKind::Jsc, "Out of bounds array.get"),
            TrapSet(TrapKind::ArrayOutOfBounds));
  EXPECT_EQ(TrapsOf(EngineKind::Wasmtime, "a new text"), TrapSet::Any());
}

TEST(TrapText, ComparisonIsAsCoarseAsTheCoarserEngine) {
  const TrapSet null = TrapsOf(EngineKind::V8, "dereferencing a null pointer");
  EXPECT_TRUE(TrapSet(TrapKind::NullStructReference).Agrees(null));
  EXPECT_FALSE(TrapSet(TrapKind::CastFailure).Agrees(null));
}

}  // namespace
}  // namespace slabhound::worker
