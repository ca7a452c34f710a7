#include "trace/trap_set.h"

#include <gtest/gtest.h>

namespace slabhound::trace {
namespace {

using machine::TrapKind;

TEST(TrapSet, NamesStandInTheOrderOfTheTable) {
  EXPECT_EQ(TrapSet(TrapKind::CastFailure).Text(), "CastFailure");
  EXPECT_EQ((TrapSet{TrapKind::CastFailure, TrapKind::Unreachable}).Text(),
            "Unreachable|CastFailure");
  EXPECT_EQ(TrapSet::Any().Text(), "?");
}

TEST(TrapSet, WorkersGiveNames) {
  EXPECT_EQ(ParseTraps("CastFailure"), TrapSet(TrapKind::CastFailure));
  EXPECT_EQ(ParseTraps("CastFailure|Unreachable"),
            (TrapSet{TrapKind::Unreachable, TrapKind::CastFailure}));
  EXPECT_EQ(ParseTraps("whatever"), TrapSet::Any());
  EXPECT_EQ(ParseTraps(""), TrapSet::Any());
}

TEST(TrapSet, SetsAgreeWhenOneTrapIsInBoth) {
  EXPECT_TRUE(TrapSet(TrapKind::CastFailure).Agrees(TrapKind::CastFailure));
  EXPECT_FALSE(TrapSet(TrapKind::CastFailure).Agrees(TrapKind::NullReference));
  EXPECT_TRUE(TrapSet::Any().Agrees(TrapKind::Host));
}

}  // namespace
}  // namespace slabhound::trace
