// Goal: findings of the fault root-loop-no-fixpoint shrink to what a person reads at a glance.
#include "minimizer/finding.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "base/file.h"
#include "text/wat.h"

namespace slabhound::minimizer {
namespace {

TEST(Finding, Try) {
  if (!heap::kFaultsCompiledIn) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  for (const char* name : {"loop_cast_call", "roots", "list_churn", "pool", "cast_ladder",
                           "exceptions", "tail_calls", "operands", "segments", "conversions"}) {
    const auto source =
        ReadFile(std::string(SLABHOUND_SOURCE_DIR "/corpus/seeds/") + name + ".wat", 1u << 20);
    const auto module = text::ReadModule(AsText(*source));
    ASSERT_TRUE(module) << name << module.error().Message();
    const auto test_case = *testcase::MakeTestCase(*module);
    const auto engines = diff::DefaultEngines(heap::Fault::RootLoopNoFixpoint);
    const diff::RunLimits limits;
    const auto verdict = diff::Judge(test_case, engines, limits);
    std::printf("%s: %s %s\n", name, std::string(diff::VerdictName(verdict.kind)).c_str(),
                verdict.signature.c_str());
    if (!verdict.is_finding()) continue;
    const auto begin = std::chrono::steady_clock::now();
    const auto result = MinimizeFinding(test_case, KeepOf(verdict, engines, limits));
    ASSERT_TRUE(result) << result.error().message;
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto& m = result->minimized;
    std::printf(
        "  %zu -> %zu bytes, %.2f s, %lu proposed %lu candidates %lu invalid %lu accepted %u "
        "rounds, ends %d complete %d\n",
        testcase::WriteTestCase(test_case).size(), testcase::WriteTestCase(m.test_case).size(),
        seconds, m.counts.proposed, m.counts.candidates, m.counts.invalid, m.counts.accepted,
        m.counts.rounds, result->ends, m.complete);
    std::printf("%s", text::PrintModule(m.test_case.module).c_str());
  }
}

}  // namespace
}  // namespace slabhound::minimizer
