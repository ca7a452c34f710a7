#include "trace/cut.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "trace/fixture.h"

namespace slabhound::trace {
namespace {

constexpr std::string_view kLoops = R"((module
  (func (export "short"))
  (func (export "long") (loop $again (br $again)))
  (func (export "deep") (call 2))))";

std::string TextOf(std::vector<testcase::Call> calls, const testcase::Budgets& budgets) {
  const auto cut = FirstCut(TraceOf(kLoops, std::move(calls), RunLimits(budgets)));
  return cut ? CutText(*cut) : "none";
}

TEST(Cut, TellsTheFirstLimitAndItsCall) {
  testcase::Budgets budgets = testcase::kGeneratedBudgets;
  EXPECT_EQ(TextOf({{"short"}, {"short"}}, budgets), "none");
  EXPECT_EQ(TextOf({{"short"}, {"long"}, {"deep"}}, budgets),
            "fuel ran out in call 2, long (--fuel raises it)");
  EXPECT_EQ(TextOf({{"deep"}}, budgets), "call-depth ran out in call 1, deep (--depth raises it)");
  budgets.fuel_total = 3;
  EXPECT_EQ(TextOf({{"short"}, {"short"}, {"short"}, {"short"}}, budgets),
            "fuel ran out before call 4 (--fuel-total raises it)");
}

TEST(Cut, WhereNoBudgetIsEnoughThereIsNone) {
  const auto text = [](std::string_view count) {
    const auto cut = FirstCut(TraceOf(
        fmt::format(
            "(module (type $a (array i64)) (func (export \"f\") (drop (array.new_default $a "
            "(i32.const {})))))",
            count),
        {{"f"}}, RunLimits()));
    return cut ? CutText(*cut) : "none";
  };
  EXPECT_EQ(text("8193"), "object-size ran out in call 1, f (--max-object raises it)");
  EXPECT_EQ(text("0x7fffffff"), "none");
}

TEST(Cut, OfAnEnginesOwnLimitNamesNoFlag) {
  EXPECT_EQ(FirstCut(Trace()), std::nullopt);
  Trace trace;
  trace.events.push_back({EventKind::Instantiate, {}, Exhausted{Limit::Stack}});
  EXPECT_EQ(CutText(*FirstCut(trace)), "host limit (stack) ran out in the instantiation");
}

TEST(Cut, IsNoMatterOfRunningOutWhereAnInstructionIsMissing) {
  EXPECT_EQ(CutText({.limit = Limit::Instruction, .call = 1, .export_name = "f"}),
            "an instruction that does not run here came in call 1, f");
}

}  // namespace
}  // namespace slabhound::trace
