// Plans survive their text, and whatever else stands in a plan's line is one error at its place.
#include "testcase/plan_text.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace slabhound::testcase {
namespace {

constexpr std::string_view kModule = R"((module
  (func (export "run") (param i32 i64 f32 f64 anyref externref funcref (ref i31)))
  (func (export "") (param)) (func (export "wide") (param v128)))
)";

Plan PlanOf(std::string_view lines) {
  const auto read = ReadTestCaseText(std::string(kModule) + std::string(lines));
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error());
  return read ? read->plan : Plan();
}

TEST(PlanText, ArgumentsAreWrittenAsTheirTypesHaveThem) {
  const Plan plan = PlanOf(
      ";; plan: seed 7\n"
      ";; plan: engine worker:python3 x.py\n"
      ";; plan: call \"run\" i32:-1 i64:0x10 f32:1.5 f64:nan i31:0 host:3 null i31:5\n"
      ";; plan: call \"\"\r\n"
      ";; plan:   call  \"a\\0a\\ff\"  7 ;; a remark\n"
      ";; plan: call \"wide\" v128:0xff\n");
  EXPECT_EQ(plan.seed, 7u);
  EXPECT_EQ(plan.engines, (std::vector<std::string>{"worker:python3 x.py"}));
  ASSERT_EQ(plan.calls.size(), 4u);
  EXPECT_EQ(plan.calls[3], (Call{"wide", {255}}));
  EXPECT_EQ(
      plan.calls[0].arguments,
      (std::vector<uint64_t>{0xffffffff, 16, 0x3fc00000, 0x7ff8000000000000, 0x80000000, 3, 0, 5}));
  EXPECT_EQ(plan.calls[1], (Call{"", {}}));
  EXPECT_EQ(plan.calls[2], (Call{"a\n\xff", {7}}));
}

TEST(PlanText, IsPrintedBehindTheModule) {
  auto read = ReadTestCaseText(kModule);
  ASSERT_TRUE(read.has_value());
  read->plan = {.seed = 7,
                .calls = {{"run", {1, 2, 0x3fc00000, 0x3ff0000000000000, 0, 0x100, 9, 3, 4}},
                          {"", {}},
                          {"gone", {5}}},
                .budgets = kGeneratedBudgets,
                .engines = {"oracle"}};
  const std::string text = PrintTestCase(*read);
  EXPECT_EQ(text.substr(text.find(";;")),
            ";; plan: seed 7\n"
            ";; plan: limits fuel=100 fuel-total=1000 depth=32 heap=16777216 max-object=65536\n"
            ";; plan: engine oracle\n"
            ";; plan: call \"run\" i32:1 i64:2 f32:1.5 f64:1 null host:0 9 i31:3 4\n"
            ";; plan: call \"\"\n"
            ";; plan: call \"gone\" 5\n")
      << text;
}

TEST(PlanText, LimitsThatAreNotSaidAreAPersons) {
  const Plan plan = PlanOf(";; plan: limits depth=7\n;; plan: limits fuel=5\n");
  ASSERT_TRUE(plan.budgets.has_value());
  EXPECT_EQ(plan.budgets->call_depth_max, 7u);
  EXPECT_EQ(plan.budgets->fuel_per_call, 5u);
  EXPECT_EQ(plan.budgets->fuel_total, kPersonBudgets.fuel_total);
}

TEST(PlanText, WithoutCallsTheyAreTheDefaultOnes) {
  const auto read = ReadTestCaseText(kModule);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(PlanOf(""), DefaultPlan(read->module));
  EXPECT_EQ(PlanOf(";; plan: seed 7\n"), DefaultPlan(read->module, 7));
  EXPECT_EQ(PlanOf(";; plan: no calls\n"), Plan());
  // Nothing but the very opening makes a line of a plan.
  EXPECT_EQ(PlanOf(" ;; plan: seed 7\n;; plan seed 7\n;; Plan: x\n;;; plan: x\n"),
            DefaultPlan(read->module));
}

TEST(PlanText, AWrongLineIsOneErrorAtItsPlace) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {";; plan:",
       "5:9: in a plan: expected seed, limits, call, no calls or engine, found the end of the "
       "line"},
      {";; plan: sed 7",
       "5:10: in a plan: expected seed, limits, call, no calls or engine, found sed"},
      {";; plan: seed 7, 2 calls", "5:15: in a plan: unknown operator 7,"},
      {";; plan: seed -1", "5:15: in a plan: expected a seed of 64 bits, found -1"},
      {";; plan: seed 7 8", "5:17: in a plan: expected the end of the line, found 8"},
      {";; plan: limits",
       "5:16: in a plan: expected a limit, as fuel=1000, found the end of the line"},
      {";; plan: limits heat=1", "5:17: in a plan: expected a limit, as fuel=1000, found heat=1"},
      {";; plan: limits fuel=0",
       "5:17: in a plan: expected fuel from 1 to 4294967295, found fuel=0"},
      {";; plan: limits fuel", "5:17: in a plan: expected fuel from 1 to 4294967295, found fuel"},
      {";; plan: call run", "5:15: in a plan: expected an export's name in quotes, found run"},
      {";; plan: call \"run", "5:15: in a plan: unclosed string"},
      {";; plan: call \"run\" i64:1", "5:21: in a plan: i64:1: the parameter is i32"},
      {";; plan: call \"run\" null", "5:21: in a plan: null: the parameter is i32"},
      {";; plan: call \"run\" i32:4294967296",
       "5:21: in a plan: expected an argument, as i32:5, f64:nan, null, i31:3, host:1 or a bare "
       "number, found i32:4294967296"},
      {";; plan: call \"\" i32:1",
       "5:18: in a plan: i32:1: there is no such parameter, and only bare numbers fit"},
      {";; plan: call \"run\" 1 2 3 4 host:1",
       "5:29: in a plan: host:1: the parameter is (ref null any)"},
      {";; plan: call \"run\" 1 2 3 4 5 6 null null",
       "5:38: in a plan: null: the parameter is (ref i31)"},
      {";; plan: engine", "5:16: in a plan: expected an engine, of at most 1000 bytes"},
  };
  for (const auto& [line, message] : cases) {
    const auto read = ReadTestCaseText(std::string(kModule) + "\n" + std::string(line));
    ASSERT_FALSE(read.has_value()) << line;
    EXPECT_EQ(read.error(), "malformed: unexpected token at " + std::string(message)) << line;
  }
}

TEST(PlanText, APlanStandsInOnePlace) {
  EXPECT_FALSE(ReadTestCaseText("(module (@custom \"slabhound\" \"{}\"))\n;; plan: seed 7\n"));
}

TEST(PlanText, IsBounded) {
  std::string many, wide = ";; plan: call \"\"";
  for (size_t i = 0; i <= kCallsMax; ++i) many += ";; plan: call \"\"\n";
  for (size_t i = 0; i <= kArgumentsMax; ++i) wide += " 1";
  std::string engines;
  for (size_t i = 0; i <= kEnginesMax; ++i) engines += ";; plan: engine x\n";
  for (const std::string& lines : {many, wide, engines}) {
    EXPECT_FALSE(ReadTestCaseText(std::string(kModule) + lines));
  }
}

// Bytes of lines, changed at random: an error or a plan that is written and read again.
TEST(PlanText, ReadingIsTotal) {
  constexpr std::string_view kLines =
      ";; plan: seed 7\n;; plan: limits fuel=10\n;; plan: call \"run\" i32:-1 f64:nan:0x7 null 5\n";
  Rng rng(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = std::string(kModule) + std::string(kLines);
    for (uint64_t left = rng.Below(4) + 1; left > 0; --left) {
      text[kModule.size() + rng.Below(kLines.size())] = static_cast<char>(rng.Below(128));
    }
    const auto read = ReadTestCaseText(text);
    if (!read) continue;
    const auto again = ReadTestCaseText(PrintTestCase(*read));
    ASSERT_TRUE(again.has_value()) << again.error();
    EXPECT_EQ(again->plan, read->plan) << text;
  }
}

}  // namespace
}  // namespace slabhound::testcase
