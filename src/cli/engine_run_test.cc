// Goal: a test case runs on engines behind workers and is judged like on those of this process.
// Method: the founding bug's module on each installed engine, and on workers that misbehave. A real
// engine that is not installed is skipped, loudly.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/file.h"
#include "base/test_folder.h"
#include "diff/compare.h"
#include "text/wat.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

testcase::TestCase FoundingCase() {
  const auto bytes = ReadFile(SLABHOUND_SOURCE_DIR "/corpus/regress/wasmtime-10397.wat", 1u << 20);
  auto module = text::ReadModule(AsText(bytes.value()));
  return testcase::MakeTestCase(std::move(module.value())).value();
}

// The whole signature; empty where nothing was found.
std::string Text(const diff::Verdict& verdict) {
  return verdict.is_finding() ? diff::SignatureText(verdict.signature) : std::string();
}

diff::Verdict Judge(const std::string& engine) {
  const std::vector<engine::EngineSpec> engines = {{}, engine::ParseEngine(engine).value()};
  return diff::Judge(FoundingCase(), engines, {});
}

class RealEngine : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(RealEngine, JudgesTheFoundingBug) {
  const auto& [engine, signature] = GetParam();
  const auto installed = worker::WorkerCommand(engine::ParseEngine(engine).value());
  if (!installed) GTEST_SKIP() << installed.error();
  const diff::Verdict verdict = Judge(engine);
  EXPECT_EQ(Text(verdict), signature) << verdict.explanation;
  EXPECT_EQ(diff::VerdictName(verdict.kind), *signature == '\0' ? "agree" : "panic");
}

INSTANTIATE_TEST_SUITE_P(
    Engines, RealEngine,
    testing::Values(std::pair("v8", ""), std::pair("v8:gc=full", ""), std::pair("jsc", ""),
                    std::pair("endive", ""), std::pair("binaryen", ""),
                    std::pair("wasmtime@31.0.0", "wasmtime panic: id from different slab"),
                    std::pair("wasmtime@43.0.0", ""), std::pair("wasmtime@45.0.0", ""),
                    std::pair("wasmtime@48.0.0:opt=speed", ""), std::pair("wasmtime@50.0.1", "")),
    [](const auto& named) {
      std::string name = named.param.first;
      std::ranges::replace_if(
          name, [](char c) { return std::string_view(":@.=").contains(c); }, '_');
      return name;
    });

// The portable form adds tables to the module's.
TEST(EngineRun, PoolingHasRoomForTables) {
  const auto engine = engine::ParseEngine("wasmtime@50.0.1:pooling").value();
  const auto installed = worker::WorkerCommand(engine);
  if (!installed) GTEST_SKIP() << installed.error();
  auto module = text::ReadModule(R"((module (table (export "a") 2 funcref) (table 3 anyref)
    (func (export "run") (result i32) (table.size 1))))");
  const auto test_case = testcase::MakeTestCase(std::move(module.value())).value();
  const std::vector<engine::EngineSpec> engines = {{}, engine};
  const diff::Verdict verdict = diff::Judge(test_case, engines, {});
  EXPECT_EQ(diff::VerdictName(verdict.kind), "agree") << Text(verdict);
}

TEST(EngineRun, AWorkerThatCannotStartIsNoFinding) {
  const diff::Verdict verdict = Judge("worker:/no/such/worker");
  EXPECT_EQ(diff::VerdictName(verdict.kind), "rejected");
  EXPECT_THAT(verdict.explanation, testing::HasSubstr("/no/such/worker: No such file"));
}

TEST(EngineRun, NonsenseIsADivergence) {
  // It logs 1 for every step, which no portable form does.
  const diff::Verdict verdict =
      Judge("worker:python3 " SLABHOUND_SOURCE_DIR "/src/workers/hostile/hostile_worker.py");
  EXPECT_EQ(diff::VerdictName(verdict.kind), "diverge") << verdict.explanation;
}

TEST(EngineRun, ASlowCompilerIsALimitAndAHangIsAPanic) {
  worker::Lab lab{.workers = std::make_shared<worker::Pool>(
                      worker::WorkerLimits{.run_time = std::chrono::milliseconds(300)})};
  const auto judge = [&lab](const std::string& how) {
    const std::vector<engine::EngineSpec> engines = {
        {},
        engine::ParseEngine("worker:python3 " SLABHOUND_SOURCE_DIR
                            "/src/workers/hostile/hostile_worker.py run-" +
                            how)
            .value()};
    return diff::Judge(FoundingCase(), engines, lab);
  };
  EXPECT_EQ(diff::VerdictName(judge("compiles 60").kind), "poisoned");
  const diff::Verdict hang = judge("burn");
  EXPECT_EQ(Text(hang), "worker panic: timeout");
  EXPECT_THAT(hang.explanation, testing::HasSubstr("in call 0: more than 0.3 s of CPU time"));
  // With much fuel an engine may just be slow: then it ends with little.
  lab.limits.fuel_total = 100'000'000;
  const TestFolder folder;
  EXPECT_EQ(diff::VerdictName(judge("burns-2 " + folder.File("a")).kind), "poisoned");
  EXPECT_EQ(Text(judge("burns-3 " + folder.File("b"))), "worker panic: timeout");
}

TEST(EngineRun, ACallMayHaveATimeOfItsOwn) {
  worker::Lab lab{
      .workers = std::make_shared<worker::Pool>(worker::WorkerLimits{
          .run_time = std::chrono::seconds(60), .call_time = std::chrono::milliseconds(300)})};
  const std::vector<engine::EngineSpec> engines = {
      {},
      engine::ParseEngine("worker:python3 " SLABHOUND_SOURCE_DIR
                          "/src/workers/hostile/hostile_worker.py run-burn")
          .value()};
  const diff::Verdict hang = diff::Judge(FoundingCase(), engines, lab);
  EXPECT_THAT(hang.explanation, testing::HasSubstr("in call 0: more than 0.3 s of CPU time"));
}

TEST(EngineRun, AWorkerThatDiesIsAPanic) {
  for (const auto& [how, signature] :
       {std::pair("crash", "worker panic: crash: SIGSEGV"),
        std::pair("panic", "worker panic: id from different slab")}) {
    const diff::Verdict verdict = Judge(std::string("worker:python3 " SLABHOUND_SOURCE_DIR
                                                    "/src/workers/hostile/hostile_worker.py run-") +
                                        how);
    EXPECT_EQ(Text(verdict), signature) << verdict.explanation;
  }
}

}  // namespace
}  // namespace slabhound::cli
