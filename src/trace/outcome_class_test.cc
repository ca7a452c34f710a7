// Goal: a class is told from every other by its text, and holds no more than survives minimization.
#include "trace/outcome_class.h"

#include <gtest/gtest.h>

#include <set>

#include "trace/fixture.h"

namespace slabhound::trace {
namespace {

constexpr auto kKinds = static_cast<uint8_t>(ClassKind::State) + 1;

TEST(ClassText, EachKindHasANameOfItsOwn) {
  std::set<std::string> texts;
  for (uint8_t kind = 0; kind < kKinds; ++kind) {
    const std::string text = ClassText({.kind = static_cast<ClassKind>(kind)});
    EXPECT_FALSE(text.empty());
    EXPECT_TRUE(texts.insert(text).second) << text;
  }
}

TEST(ClassText, HasTheTrapsAndTheLimit) {
  const auto text = [](const Happening& what) { return ClassText(ClassOf(what)); };
  EXPECT_EQ(text(Trapped{machine::TrapKind::CastFailure}), "trap CastFailure");
  EXPECT_EQ(text(Trapped{TrapSet::Any()}), "trap ?");
  EXPECT_EQ(text(Exhausted{Limit::CallDepth}), "exhausted call-depth");
  EXPECT_EQ(text(Exhausted{Limit::Stack}), "exhausted host limit (stack)");
  EXPECT_EQ(text(Uncaught{}), "uncaught exception");
  EXPECT_EQ(text(Unreadable{3, TrapSet::Any()}), "unreadable log");
  EXPECT_EQ(ClassText({}), "nothing");
}

TEST(ClassOf, EachKindOfHappeningHasOneAndOnlyStatesShareIt) {
  std::set<ClassKind> seen = {ClassKind::Nothing};
  for (const Happening& each : OneOfEach()) {
    const ClassKind kind = ClassOf(each).kind;
    EXPECT_TRUE(seen.insert(kind).second || kind == ClassKind::State) << HappeningText(each);
  }
  EXPECT_EQ(seen.size(), kKinds);
}

TEST(ClassOf, ForgetsValuesAndReasons) {
  const Told one{ToldKind::I32, 1}, two{ToldKind::I32, 2};
  EXPECT_EQ(ClassOf(Returned{{one}}), ClassOf(Returned{{two, two}}));
  EXPECT_EQ(ClassOf(Threw{one}), ClassOf(Threw{two}));
  EXPECT_EQ(ClassOf(Imported{{one}}), ClassOf(Imported{}));
  EXPECT_EQ(ClassOf(Refused{"a"}), ClassOf(Refused{"b"}));
  EXPECT_EQ(ClassOf(Unreadable{1, TrapSet::Any()}), ClassOf(Unreadable{2}));
  EXPECT_EQ(ClassOf(GlobalState{one}), ClassOf(ObjectsState{1, 2}));
  EXPECT_NE(ClassOf(Trapped{machine::TrapKind::CastFailure}),
            ClassOf(Trapped{machine::TrapKind::Unreachable}));
  EXPECT_NE(ClassOf(Exhausted{Limit::Fuel}), ClassOf(Exhausted{Limit::Heap}));
}

}  // namespace
}  // namespace slabhound::trace
