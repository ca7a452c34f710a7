// Goal: findings of the fault root-loop-no-fixpoint shrink to what a person reads at a glance, keep
// their signature, and end by themselves.
#include "minimizer/finding.h"

#include <gtest/gtest.h>

#include "diff/fixture.h"
#include "minimizer/case.h"

namespace slabhound::minimizer {
namespace {

const worker::Lab kLab;

std::vector<engine::EngineSpec> FaultyEngines() {
  return engine::DefaultEngines(heap::Fault::RootLoopNoFixpoint);
}

class FaultFinding : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  }
};

TEST_P(FaultFinding, ShrinksAndKeepsItsSignature) {
  const testcase::TestCase input = SeedCase(GetParam());
  const diff::Verdict verdict = diff::Judge(input, FaultyEngines(), kLab);
  ASSERT_EQ(verdict.kind, diff::VerdictKind::Panic);
  const Keep keep = KeepOf(verdict, FaultyEngines(), kLab);
  const auto result = MinimizeFinding(input, keep);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const testcase::TestCase& small = result->minimized.test_case;
  testcase::TestCase without_names = small;
  without_names.module.names.reset();
  EXPECT_LE(testcase::WriteTestCase(without_names).size(), 120u);
  EXPECT_TRUE(result->minimized.complete);
  EXPECT_TRUE(result->ends);
  EXPECT_TRUE(result->shows);
  EXPECT_EQ(diff::Judge(small, FaultyEngines(), kLab).signature, verdict.signature);
  EXPECT_FALSE(diff::Judge(small, engine::DefaultEngines(), kLab).is_finding());

  const auto again = MinimizeFinding(input, keep);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(testcase::WriteTestCase(again->minimized.test_case), testcase::WriteTestCase(small));
}

INSTANTIATE_TEST_SUITE_P(Seeds, FaultFinding,
                         testing::Values("loop_cast_call", "pool", "exceptions"),
                         [](const auto& each) { return std::string(each.param); });

// An endless loop: the finding shows in its second turn, and the case that is left ends.
TEST(Finding, AnEndlessLoopIsBounded) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const testcase::TestCase input = CaseOf(R"((module
    (type $s (struct (field (mut i32))))
    (func (export "run") (local $o (ref null $s))
      (local.set $o (struct.new_default $s))
      (loop $l
        (drop (struct.get $s 0 (local.get $o)))
        (drop (struct.new_default $s))
        (br $l)))))");
  const diff::Verdict verdict = diff::Judge(input, FaultyEngines(), kLab);
  ASSERT_EQ(verdict.kind, diff::VerdictKind::Panic);
  const auto result = MinimizeFinding(input, KeepOf(verdict, FaultyEngines(), kLab));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(result->ends);
  EXPECT_LE(testcase::WriteTestCase(result->minimized.test_case).size(), 120u);
  EXPECT_EQ(diff::Judge(result->minimized.test_case, engine::DefaultEngines(), kLab).kind,
            diff::VerdictKind::Agree);
}

TEST(Finding, ADrawnConfigurationBecomesAPlainOne) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "no fault catalogue in this build";
  const std::vector<engine::EngineSpec> engines = {
      engine::EngineSpec{},
      engine::ParseEngine("slab:generational:every-safepoint:fifo:verify-collections:"
                          "root-loop-no-fixpoint")
          .value()};
  const testcase::TestCase input = SeedCase("pool");
  const diff::Verdict verdict = diff::Judge(input, engines, kLab);
  ASSERT_EQ(verdict.kind, diff::VerdictKind::Panic);
  const auto result = MinimizeFinding(input, KeepOf(verdict, engines, kLab));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(engine::EngineText(result->suspect), "slab:mark_sweep:explicit:root-loop-no-fixpoint");
}

TEST(Finding, WhatIsNoFindingIsAnError) {
  const Keep keep{.engines = engine::DefaultEngines(),
                  .suspect = engine::DefaultEngines()[2],
                  .signature = diff::PanicSignature("stale id"),
                  .lab = kLab};
  const auto result = MinimizeFinding(SeedCase("pool"), keep);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, FailureKind::NotInteresting);
}

}  // namespace
}  // namespace slabhound::minimizer
