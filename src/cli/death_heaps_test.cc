// Goal: of an engine that dies, the reference that went wrong before is shown, though its log is
// lost.
#include "cli/death_heaps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/repro_screen.h"
#include "text/wat.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

using testing::HasSubstr;

struct Death {
  diff::Prepared prepared;
  Judged judged;
  std::optional<Heaps> heaps;
};

Death DieOn(const std::string& file, const std::string& engine) {
  const auto bytes = ReadFile(SLABHOUND_SOURCE_DIR "/" + file, 1u << 20);
  auto module = text::ReadModule(AsText(bytes.value()));
  auto test_case = testcase::MakeTestCase(std::move(module.value())).value();
  Death run{diff::Prepare(std::move(test_case)).value(), {}, {}};
  worker::Lab lab;
  lab.limits.keep_walks = true;
  run.judged.engines = {{}, engine::ParseEngine(engine).value()};
  for (const auto& each : run.judged.engines) {
    run.judged.traces.push_back(diff::Run(run.prepared, each, lab));
  }
  run.judged.verdict = diff::Compare(run.judged.engines, run.judged.traces);
  run.heaps = HeapsOf(run.judged, run.prepared, lab);
  return run;
}

TEST(DeathHeaps, OfTheFoundingBugHaveTheArrayInThePlaceOfTheClosure) {
  const auto installed = worker::WorkerCommand(engine::ParseEngine("wasmtime@31.0.0").value());
  if (!installed) GTEST_SKIP() << installed.error();
  const Death run = DieOn("corpus/real/wasmtime-10397.wat", "wasmtime@31.0.0");
  ASSERT_EQ(diff::SignatureText(run.judged.verdict.signature),
            "wasmtime panic: id from different slab");
  ASSERT_TRUE(run.heaps.has_value());
  const std::string text = ScreenText({.judged = run.judged,
                                       .prepared = run.prepared,
                                       .finding = {.case_file = "case.wat"},
                                       .heaps = run.heaps,
                                       .path = "case.wat"});
  EXPECT_THAT(text, HasSubstr("heap        stale reference: value\n"
                              "  expected  #0 struct $closure\n"
                              "  found     #0 array $array of length 1\n"
                              "  behind    local.get, instruction 13 of func 2\n"
                              "  it dies   behind that\n"));
}

TEST(DeathHeaps, AreNoneWhereNothingIsToldBefore) {
  const Death run =
      DieOn("corpus/real/wasmtime-10397.wat", "worker:python3 " SLABHOUND_SOURCE_DIR
                                              "/src/workers/hostile/hostile_worker.py run-crash");
  ASSERT_TRUE(run.judged.verdict.is_finding());
  EXPECT_FALSE(run.heaps.has_value());
}

}  // namespace
}  // namespace slabhound::cli
