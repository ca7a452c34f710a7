// Goal: a finding's key tells where its case fails, and of what its witness is made.
//
// Method: a worker that panics whatever it is given, which no smaller case can show better.
#include "campaign/cause_run.h"

#include <gmock/gmock.h>

#include "campaign/hostile.h"
#include "cause/shape.h"
#include "text/wat.h"

namespace slabhound::campaign {
namespace {

TEST(CauseRun, TellsWhereItFailsAndOfWhatTheCaseIsMade) {
  CaseRun run;
  run.engines = {engine::EngineSpec{}, Hostile("run-panic")};
  auto module = text::ReadModule("(module (func (export \"f\") (drop (ref.i31 (i32.const 1)))))");
  const testcase::TestCase test_case = *testcase::MakeTestCase(*std::move(module));
  const diff::Verdict verdict = diff::Judge(test_case, run.engines, run.lab.WithoutRecurrence());
  ASSERT_TRUE(verdict.is_finding());
  const Cause cause = CauseOf(run, test_case, verdict, [] { return false; });
  EXPECT_EQ(cause.key.variants.front().cell, cause::Cell::Fail);
  EXPECT_EQ(cause.key.severity, cause::Severity::MemoryCorruption);
  EXPECT_EQ(cause.key.locus.substr(0, 7), "panic: ");
  EXPECT_EQ(cause.key.shape, cause::ShapeOf(test_case.module));
  EXPECT_THAT(cause.ingredients, testing::ElementsAre("ref.i31"));
}

// Minimization copies its predicate for each step: all of them hold a case against the first.
TEST(CauseRun, CopiesOfAPredicateShareWhatTheFirstCaseGave) {
  CaseRun run;
  run.engines = {engine::EngineSpec{}, *engine::ParseEngine("slab:mark_sweep:every-allocation")};
  const auto read = [](const char* text) {
    return *testcase::MakeTestCase(text::ReadModule(text).value());
  };
  const testcase::TestCase fits = read("(module (func (export \"f\")))");
  // Without collections its heap runs out.
  testcase::TestCase other = read(
      "(module (type $a (array i64)) (func (export \"f\") (local i32) (loop"
      "  (drop (array.new_default $a (i32.const 1000)))"
      "  (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))"
      "                     (i32.const 50))))))");
  other.plan.budgets = testcase::kGeneratedBudgets;
  other.plan.budgets->heap_bytes_max = 1u << 16;
  const diff::Verdict verdict{.kind = diff::VerdictKind::Diverge, .suspect = run.engines[1]};
  const auto same_cause = SameCause(run, verdict, [] { return false; });
  const auto copy = same_cause;
  EXPECT_TRUE(same_cause(fits, verdict.suspect));
  EXPECT_TRUE(copy(fits, verdict.suspect));
  EXPECT_FALSE(copy(other, verdict.suspect));
}

}  // namespace
}  // namespace slabhound::campaign
