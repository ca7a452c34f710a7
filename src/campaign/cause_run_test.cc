// Goal: a finding's key tells where its case fails, and of what its witness is made.
//
// Method: a worker that panics whatever it is given, which no smaller case can show better.
#include "campaign/cause_run.h"

#include <gmock/gmock.h>

#include "cause/shape.h"
#include "text/wat.h"

namespace slabhound::campaign {
namespace {

TEST(CauseRun, TellsWhereItFailsAndOfWhatTheCaseIsMade) {
  CaseRun run;
  run.engines = {engine::EngineSpec{},
                 *engine::ParseEngine("worker:python3 " SLABHOUND_SOURCE_DIR
                                      "/src/workers/hostile/hostile_worker.py run-panic")};
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

}  // namespace
}  // namespace slabhound::campaign
