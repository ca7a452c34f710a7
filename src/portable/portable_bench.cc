// What the portable form costs against the test case itself: making it, running it on each engine
// of this process, and its size; times are per module.
//   portable_bench --benchmark_counters_tabular=true
#include <benchmark/benchmark.h>

#include <vector>

#include "gen/generate.h"
#include "portable/fixture.h"
#include "testcase/testcase.h"
#include "wasm/encode.h"

namespace slabhound::portable {
namespace {

constexpr uint64_t kModules = 200;

struct Sample {
  testcase::TestCase test_case;
  diff::Prepared plain, portable;
  size_t plain_bytes = 0, portable_bytes = 0;
};

const std::vector<Sample>& Samples() {
  static const std::vector<Sample> samples = [] {
    std::vector<Sample> made;
    for (uint64_t number = 0; number < kModules; ++number) {
      auto test_case = testcase::ReadTestCase(gen::Generate(gen::MakeRecipe(1, number)));
      if (!test_case) continue;
      auto portable = MakePortable(*test_case, {});
      if (!portable) continue;
      Sample sample;
      sample.test_case = *std::move(test_case);
      sample.plain_bytes = wasm::Encode(sample.test_case.module).size();
      sample.portable_bytes = wasm::Encode(*portable).size();
      auto plain = diff::Prepare(sample.test_case);
      auto prepared = diff::Prepare(testcase::TestCase{*std::move(portable), {}});
      if (!plain || !prepared) continue;
      sample.plain = *std::move(plain);
      sample.portable = *std::move(prepared);
      made.push_back(std::move(sample));
    }
    return made;
  }();
  return samples;
}

engine::EngineSpec Engine(int64_t which) {
  return *engine::ParseEngine(which == 0 ? "oracle" : "slab:mark_sweep:explicit");
}

void BM_Make(benchmark::State& state) {
  size_t next = 0, plain = 0, portable = 0;
  for (const Sample& sample : Samples()) {
    plain += sample.plain_bytes;
    portable += sample.portable_bytes;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(MakePortable(Samples()[next++ % Samples().size()].test_case, {}));
  }
  state.counters["plain_bytes"] = static_cast<double>(plain) / double(Samples().size());
  state.counters["portable_bytes"] = static_cast<double>(portable) / double(Samples().size());
}

void BM_Plain(benchmark::State& state) {
  size_t next = 0;
  for (auto _ : state) {
    const Sample& sample = Samples()[next++ % Samples().size()];
    benchmark::DoNotOptimize(diff::Run(sample.plain, Engine(state.range(0)), {}));
  }
}

void BM_Portable(benchmark::State& state) {
  size_t next = 0;
  for (auto _ : state) {
    const Sample& sample = Samples()[next++ % Samples().size()];
    const auto machine =
        diff::MakeMachine(Engine(state.range(0)), *sample.portable.types, PortableLimits());
    const auto run = RunSteps(*machine, sample.portable, sample.test_case.plan.calls.size());
    benchmark::DoNotOptimize(
        PortableTrace(sample.test_case.module, sample.test_case.plan, run.steps));
  }
}

// Argument 0 is the oracle, 1 the slab engine.
BENCHMARK(BM_Make)->Unit(benchmark::kMicrosecond)->Iterations(kModules);
BENCHMARK(BM_Plain)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond)->Iterations(kModules);
BENCHMARK(BM_Portable)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond)->Iterations(kModules);

}  // namespace
}  // namespace slabhound::portable
